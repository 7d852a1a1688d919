// Stands for Umami's script.js as released in 3.1: it stores nothing, and tells of the page unless it was told not to.
(() => {
	const { currentScript } = document;
	const { websiteId, hostUrl, excludeSearch, excludeHash, doNotTrack, autoTrack } = currentScript.dataset;
	if (localStorage.getItem('umami.disabled') || (doNotTrack === 'true' && navigator.doNotTrack === '1')) return;
	const endpoint = `${hostUrl ?? currentScript.src.replace(/\/[^/]*$/, '')}/api/send`;
	const clean = (address) => {
		if (address === '') return '';
		const url = new URL(address, location.href);
		if (excludeSearch === 'true') url.search = '';
		if (excludeHash === 'true') url.hash = '';
		return url.origin === location.origin ? url.pathname + url.search + url.hash : url.href;
	};
	const send = (payload) =>
		fetch(endpoint, {
			method: 'POST',
			keepalive: true,
			credentials: 'omit',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ type: 'event', payload }),
		}).catch(() => undefined);
	const about = () => ({
		website: websiteId,
		hostname: location.hostname,
		screen: `${screen.width}x${screen.height}`,
		language: navigator.language,
		title: document.title,
		url: clean(location.href),
		referrer: clean(document.referrer),
	});
	window.umami = { track: (name, data) => send({ ...about(), ...(name ? { name, data } : {}) }) };
	if (autoTrack !== 'false') window.umami.track();
})();
