// Stands for www.clarity.ms/tag/{id}: without a granted analytics storage it keeps to one page and writes nothing; with it, it
// writes its cookies and its tab's key. It tells what it sees of the page, words masked where they are marked so.
(() => {
	const collect = new URL('../../k.clarity.ms/collect', document.currentScript.src).href;
	const state = { ad_Storage: 'denied', analytics_Storage: 'denied' };
	const commands = {
		consentv2(next) {
			Object.assign(state, next);
			if (state.analytics_Storage === 'granted') {
				document.cookie = `_clck=${Math.random().toString(36).slice(2)}; Path=/; Max-Age=31536000; SameSite=Lax`;
				document.cookie = `_clsk=${Math.random().toString(36).slice(2)}; Path=/; Max-Age=86400; SameSite=Lax`;
				sessionStorage.setItem('_cltk', Math.random().toString(36).slice(2));
			} else {
				for (const name of ['_clck', '_clsk']) document.cookie = `${name}=; Path=/; Max-Age=0`;
				sessionStorage.removeItem('_cltk');
			}
		},
	};
	const queued = window.clarity.q ?? [];
	window.clarity = (command, ...args) => commands[command]?.(...args);
	for (const [command, ...args] of queued) commands[command]?.(...args);
	const isMasked = document.body.closest('[data-clarity-mask="true"]') !== null;
	const words = isMasked ? '' : document.body.innerText;
	navigator.sendBeacon(
		collect,
		JSON.stringify({ url: location.href, referrer: document.referrer, consent: state, words }),
	);
})();
