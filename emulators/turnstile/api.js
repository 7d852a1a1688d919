// The page's half of the widget, with the surface that pages use of Cloudflare's:
// https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/
// As there, the challenge itself is a frame from this script's origin, so a page needs the same two CSP sources.

(() => {
	const TOKEN_SECONDS = 300;
	const SIZES = { normal: ['300', '65'], flexible: ['100%', '65'], compact: ['150', '140'] };
	const source = new URL(document.currentScript.src);
	const widgets = new Map();

	function optionsOf(element, given) {
		const attributes = [...element.attributes].filter(({ name }) => name.startsWith('data-'));
		const written = attributes.map(({ name, value }) => [name.slice('data-'.length), value]);
		return { ...Object.fromEntries(written), ...given };
	}

	function find(which) {
		if (which === undefined) return widgets.values().next().value;
		if (widgets.has(which)) return widgets.get(which);
		const element = typeof which === 'string' ? document.querySelector(which) : which;
		return [...widgets.values()].find((widget) => widget.container === element);
	}

	function call(widget, name, ...values) {
		const callback = widget.options[name];
		const run = typeof callback === 'string' ? window[callback] : callback;
		return typeof run === 'function' ? run(...values) : undefined;
	}

	function setToken(widget, token) {
		clearTimeout(widget.timer);
		widget.token = token;
		if (widget.input) widget.input.value = token ?? '';
	}

	function expire(widget) {
		setToken(widget, undefined);
		widget.isExpired = true;
		call(widget, 'expired-callback');
		if ((widget.options['refresh-expired'] ?? 'auto') === 'auto') start(widget);
	}

	function start(widget) {
		const { sitekey, action = '', cdata = '' } = widget.options;
		setToken(widget, undefined);
		widget.isExpired = false;
		const frame = new URL('widget', source);
		frame.search = new URLSearchParams({ sitekey, action, cdata, origin: location.origin, run: crypto.randomUUID() });
		widget.frame.src = frame.href;
	}

	function render(container, given = {}) {
		const element = typeof container === 'string' ? document.querySelector(container) : container;
		if (!element) throw new Error(`[Cloudflare Turnstile] Unable to find a container for "${container}".`);
		const options = optionsOf(element, given);
		if (!options.sitekey) throw new Error('[Cloudflare Turnstile] Missing parameter "sitekey".');
		const id = `cf-chl-widget-${crypto.randomUUID().slice(0, 8)}`;
		const frame = document.createElement('iframe');
		frame.id = id;
		frame.title = 'Stand-in for Turnstile';
		[frame.width, frame.height] = options.sitekey.endsWith('BB') ? ['0', '0'] : (SIZES[options.size] ?? SIZES.normal);
		frame.style.border = '0';
		const widget = { id, container: element, options, frame, input: undefined, token: undefined, isExpired: false };
		if (String(options['response-field'] ?? true) !== 'false') {
			widget.input = document.createElement('input');
			widget.input.type = 'hidden';
			widget.input.id = `${id}_response`;
			widget.input.name = options['response-field-name'] ?? 'cf-turnstile-response';
		}
		widgets.set(id, widget);
		element.append(frame, ...(widget.input ? [widget.input] : []));
		if (options.execution !== 'execute') start(widget);
		return id;
	}

	addEventListener('message', ({ origin, source: from, data }) => {
		const widget = [...widgets.values()].find(({ frame }) => frame.contentWindow === from);
		if (!widget || origin !== source.origin) return;
		if (data.error) {
			call(widget, 'error-callback', data.error);
			return;
		}
		setToken(widget, data.token);
		widget.timer = setTimeout(() => expire(widget), TOKEN_SECONDS * 1000);
		call(widget, 'callback', data.token);
	});

	window.turnstile = {
		ready: (callback) => callback(),
		render,
		execute(which) {
			const widget = find(which);
			if (widget) start(widget);
		},
		reset(which) {
			const widget = find(which);
			if (widget) start(widget);
		},
		getResponse: (which) => find(which)?.token,
		isExpired: (which) => find(which)?.isExpired ?? false,
		remove(which) {
			const widget = find(which);
			if (!widget) return;
			clearTimeout(widget.timer);
			widget.frame.remove();
			widget.input?.remove();
			widgets.delete(widget.id);
		},
	};

	function begin() {
		if (source.searchParams.get('render') !== 'explicit') {
			for (const element of document.querySelectorAll('.cf-turnstile')) render(element);
		}
		const onload = window[source.searchParams.get('onload') ?? ''];
		if (typeof onload === 'function') onload();
	}
	if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
	else begin();
})();
