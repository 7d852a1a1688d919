// For the pages of a patient's own link, which load no React: a field to draw in, times by the phone's own clock, and a deletion that
// is seen to go on. Nothing is stored in the browser, and nothing but these pages is asked for.

/** Nearer than this, in parts of the pad, a point adds nothing that is seen. */
const STEP_MIN = 0.006;
const LINE_WIDTH = 2.4;

for (const pad of document.querySelectorAll('[data-pad]')) bringPadToLife(pad);

function bringPadToLife(pad) {
	const canvas = pad.querySelector('canvas');
	const field = pad.querySelector('input[name=drawing]');
	const state = pad.querySelector('output');
	const bytesMax = Number(pad.dataset.bytesMax);
	let strokes = field.value === '' ? [] : JSON.parse(field.value);
	let pen = null;
	pad.hidden = false;

	const paint = () => {
		const { width, height } = canvas.getBoundingClientRect();
		const scale = devicePixelRatio;
		canvas.width = Math.round(width * scale);
		canvas.height = Math.round(height * scale);
		const ink = canvas.getContext('2d');
		ink.scale(scale, scale);
		ink.strokeStyle = getComputedStyle(canvas).color;
		ink.lineWidth = LINE_WIDTH;
		ink.lineCap = 'round';
		ink.lineJoin = 'round';
		for (const stroke of strokes) {
			ink.beginPath();
			const points = stroke.map(([x, y]) => [x * width, y * height]);
			ink.moveTo(...points[0]);
			if (points.length === 1) ink.lineTo(...points[0]);
			for (let index = 1; index < points.length; index += 1) {
				const [x, y] = points[index];
				const [nextX, nextY] = points[index + 1] ?? points[index];
				ink.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
			}
			ink.stroke();
		}
	};
	const keep = () => {
		while (JSON.stringify(strokes).length > bytesMax) strokes = shorter(strokes);
		field.value = strokes.length === 0 ? '' : JSON.stringify(strokes);
		state.textContent = strokes.length === 0 ? 'Nothing drawn' : `Drawn, ${strokes.length === 1 ? '1 line' : `${strokes.length} lines`}`;
		paint();
	};
	const pointOf = (event) => {
		const { left, top, width, height } = canvas.getBoundingClientRect();
		return [part((event.clientX - left) / width), part((event.clientY - top) / height)];
	};

	canvas.addEventListener('pointerdown', (event) => {
		if (!event.isPrimary || event.button !== 0) return;
		event.preventDefault();
		canvas.setPointerCapture(event.pointerId);
		pen = [pointOf(event)];
		strokes.push(pen);
		paint();
	});
	canvas.addEventListener('pointermove', (event) => {
		if (pen === null || !event.isPrimary) return;
		for (const each of event.getCoalescedEvents?.() ?? [event]) {
			const point = pointOf(each);
			const [x, y] = pen.at(-1);
			if (Math.hypot(point[0] - x, point[1] - y) >= STEP_MIN) pen.push(point);
		}
		paint();
	});
	const lift = () => {
		if (pen === null) return;
		pen = null;
		keep();
	};
	canvas.addEventListener('pointerup', lift);
	canvas.addEventListener('pointercancel', lift);
	pad.querySelector('[data-undo]').addEventListener('click', () => {
		strokes.pop();
		keep();
	});
	pad.querySelector('[data-clear]').addEventListener('click', () => {
		strokes = [];
		keep();
	});
	new ResizeObserver(paint).observe(canvas);
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
	keep();
}

/** Three decimals: a tenth of a pixel on a phone. */
function part(value) {
	return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

/** Every second point, and the last one, where the line ends; of lines that cannot get shorter the newest goes. */
function shorter(strokes) {
	const thinned = strokes.map((stroke) => stroke.filter((_point, index) => index % 2 === 0 || index === stroke.length - 1));
	const isShorter = thinned.some((stroke, index) => stroke.length < strokes[index].length);
	return isShorter ? thinned : strokes.slice(0, -1);
}

// The server does not know where the phone is, and nothing is stored here that would tell it.
const CLOCK = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });

function tellLocalTimes(within) {
	for (const time of within.querySelectorAll('time')) {
		if (time.textContent.includes('UTC')) time.textContent = CLOCK.format(new Date(time.dateTime));
	}
}
tellLocalTimes(document);

const LOOK_EVERY_MS = 3000;

/** What goes on without the reader: looked at again while it is seen, and changed only when it says something else. */
async function lookAgain() {
	const shown = document.querySelector('[data-live]');
	if (shown === null) return;
	if (!document.hidden) {
		try {
			const answer = await fetch(location.href);
			const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
			const fresh = page.querySelector('[data-after]');
			const old = document.querySelector('[data-after]');
			if (answer.ok && fresh !== null && old !== null) {
				tellLocalTimes(fresh);
				if (fresh.innerHTML !== old.innerHTML) old.replaceWith(document.adoptNode(fresh));
			}
		} catch {
			// The network is away for a moment; the next look may find it again.
		}
	}
	setTimeout(lookAgain, LOOK_EVERY_MS);
}
if (document.querySelector('[data-live]') !== null) setTimeout(lookAgain, LOOK_EVERY_MS);
