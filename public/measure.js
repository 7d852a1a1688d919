// Starts what the server allowed on this page, and nothing else: it is not there on any other. What runs is in `data-run`.
const run = JSON.parse(document.currentScript.dataset.run);

// The page before may have had somebody's number in its address; from where people come to us is all that may be told.
if (document.referrer.startsWith(location.origin)) {
	Object.defineProperty(document, 'referrer', { value: '', configurable: true });
}

// What runs here was decided when the page was sent. Chosen anew in another tab, or shown again out of the browser's cache, it is sent anew.
new BroadcastChannel('choices').addEventListener('message', () => location.reload());
addEventListener('pageshow', (event) => {
	if (event.persisted) location.reload();
});

function load(address) {
	const script = document.createElement('script');
	script.async = true;
	script.src = address;
	document.head.append(script);
}

if (run.meta) {
	const { pixelId, script, limited, shared } = run.meta;
	const fbq = (...args) => (fbq.callMethod ? fbq.callMethod(...args) : fbq.queue.push(args));
	Object.assign(fbq, { push: fbq, loaded: true, version: '2.0', queue: [] });
	Object.assign(window, { fbq, '_fbq': fbq });
	// Held back until everything that limits it is said.
	fbq('consent', 'revoke');
	fbq('dataProcessingOptions', limited.length === 0 ? [] : ['LDU'], ...limited);
	// Neither clicks nor what stands on the page.
	fbq('set', 'autoConfig', false, pixelId);
	fbq('init', pixelId);
	fbq('consent', 'grant');
	fbq('track', 'PageView');
	for (const { id, name, valueCents, currency } of shared) {
		fbq('track', name, valueCents === null ? {} : { value: valueCents / 100, currency }, { eventID: id });
	}
	load(script);
}

if (run.clarity) {
	const { script, isAdvertising } = run.clarity;
	const clarity = (...args) => void clarity.q.push(args);
	clarity.q = [];
	window.clarity = clarity;
	clarity('consentv2', { ad_Storage: isAdvertising ? 'granted' : 'denied', analytics_Storage: 'granted' });
	load(script);
}
