// Stands for connect.facebook.net/en_US/fbevents.js: takes over the queue that the page began, holds everything back while consent
// is revoked, writes _fbp, and tells by an image.
(() => {
	const base = new URL('../../www.facebook.com/tr/', document.currentScript.src).href;
	const fbq = window.fbq;
	const waiting = [];
	let isGranted = true;
	let options = [];
	const ids = [];
	const tell = (event, data = {}, { eventID } = {}) => {
		if (!isGranted) return waiting.push([event, data, { eventID }]);
		for (const id of ids) {
			const query = new URLSearchParams({ id, ev: event, dl: location.href, rl: document.referrer, fbp: writeFbp() });
			for (const [name, value] of Object.entries(data)) query.set(`cd[${name}]`, value);
			if (eventID) query.set('eid', eventID);
			if (options.length > 0) query.set('dpo', options.join());
			new Image().src = `${base}?${query}`;
		}
	};
	const commands = {
		consent(word) {
			isGranted = word === 'grant';
			if (isGranted) for (const args of waiting.splice(0)) tell(...args);
		},
		dataProcessingOptions(list) {
			options = list;
		},
		init(id) {
			ids.push(id);
		},
		track: tell,
	};
	fbq.callMethod = (command, ...args) => commands[command]?.(...args);
	for (const args of fbq.queue.splice(0)) fbq.callMethod(...args);

	function writeFbp() {
		const value =
			/(?:^|; )_fbp=([^;]*)/.exec(document.cookie)?.[1] ?? `fb.0.${Date.now()}.${Math.floor(Math.random() * 1e10)}`;
		document.cookie = `_fbp=${value}; Path=/; Max-Age=7776000; SameSite=Lax`;
		return value;
	}
})();
