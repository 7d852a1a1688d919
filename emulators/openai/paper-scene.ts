import { createHash } from 'node:crypto';

/** Colours of one scene, five at most besides the sky: paper is bought in few sheets. */
interface Papers {
	readonly words: RegExp;
	readonly sky: string;
	readonly disc: string;
	/** From the farthest layer to the nearest. */
	readonly layers: readonly string[];
	readonly ground: 'hills' | 'peaks' | 'waves';
}

const DAYBREAK: Papers = {
	words: /morning|dawn|sunrise|field|meadow|spring/i,
	sky: '#f6e3c5',
	disc: '#e9794a',
	layers: ['#e7b98a', '#a9b388', '#5f8d6e', '#2f5d57'],
	ground: 'hills',
};

/** The first whose words are in the prompt is taken; without any, the prompt's hash chooses. */
const PAPERS: readonly Papers[] = [
	{
		words: /night|moon|star|dark|midnight/i,
		sky: '#1f2a4a',
		disc: '#f3e7c4',
		layers: ['#33456f', '#2b5a78', '#1f4058', '#14283c'],
		ground: 'hills',
	},
	{
		words: /sea|ocean|beach|lake|river|wave|boat|harbou?r/i,
		sky: '#f4ddc0',
		disc: '#e2663f',
		layers: ['#8fb9b4', '#4f96a0', '#2b6c86', '#183f5c'],
		ground: 'waves',
	},
	{
		words: /mountain|alp|peak|snow|winter|ice/i,
		sky: '#e6edf0',
		disc: '#f0b84c',
		layers: ['#c3d2dc', '#8ba9bd', '#547a96', '#2c4a63'],
		ground: 'peaks',
	},
	{
		words: /desert|dune|sand|autumn|fall|sunset|evening/i,
		sky: '#fbe2b4',
		disc: '#d9482b',
		layers: ['#f0b46a', '#d98349', '#a94f3d', '#642f3a'],
		ground: 'hills',
	},
	{
		words: /forest|wood|tree|jungle|garden|park/i,
		sky: '#e9efd9',
		disc: '#f2c14e',
		layers: ['#b9cf9c', '#7fae7a', '#43805f', '#1f4d46'],
		ground: 'hills',
	},
	DAYBREAK,
];

const LAST_LAYER = 3;

/**
 * A paper-cut landscape as SVG: a sky, a disc and four layers that cast soft shadows on each other.
 * The same prompt, size and index draw the same scene; a word such as "sea" or "night" chooses its kind.
 */
export function paperScene(prompt: string, size: { width: number; height: number }, index: number): string {
	const { width, height } = size;
	const seed = createHash('sha256').update(`${prompt}\n${width}x${height}\n${index}`).digest();
	const random = randomFrom(seed.readUInt32LE(0));
	const papers =
		PAPERS.find(({ words }) => words.test(prompt)) ?? PAPERS[seed.readUInt32LE(4) % PAPERS.length] ?? DAYBREAK;
	const unit = Math.min(width, height);
	const discX = width * (0.25 + random() * 0.5);
	const discY = height * (0.26 + random() * 0.12);
	const discRadius = unit * (0.11 + random() * 0.05);
	const layers = papers.layers.map((colour, layer) => {
		const top = height * (0.46 + layer * 0.13 + (random() - 0.5) * 0.04);
		const outline = ridge({ width, height, top, rise: unit * (0.11 - layer * 0.012), ground: papers.ground, random });
		const hasTrees = papers.ground === 'hills' ? layer > 0 : papers.ground === 'peaks' && layer === LAST_LAYER;
		const trees = hasTrees ? treesOn(outline.points, unit * (0.03 + layer * 0.012), random) : '';
		return `<g filter="url(#cut)" fill="${colour}"><path d="${outline.path}"/>${trees}</g>`;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
		shadow(unit),
		`<rect width="${width}" height="${height}" fill="${papers.sky}"/>`,
		`<circle cx="${fixed(discX)}" cy="${fixed(discY)}" r="${fixed(discRadius)}" fill="${papers.disc}" filter="url(#cut)"/>`,
		...layers,
		'</svg>',
	].join('');
}

/** Light from the upper left, as everywhere in the product. */
function shadow(unit: number): string {
	const offset = fixed(unit * 0.006);
	return (
		'<defs><filter id="cut" x="-10%" y="-10%" width="120%" height="120%">' +
		`<feGaussianBlur in="SourceAlpha" stdDeviation="${fixed(unit * 0.011)}"/><feOffset dx="${offset}" dy="-${offset}"/>` +
		'<feComponentTransfer><feFuncA type="linear" slope="0.38"/></feComponentTransfer>' +
		'<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter></defs>'
	);
}

interface Ridge {
	readonly width: number;
	readonly height: number;
	/** Where the layer's upper edge lies on average, in pixels from the top. */
	readonly top: number;
	/** How far the edge goes up and down. */
	readonly rise: number;
	readonly ground: Papers['ground'];
	readonly random: () => number;
}

/** The layer's outline, closed around the bottom of the picture, and the points of its upper edge. */
function ridge({ width, height, top, rise, ground, random }: Ridge): {
	path: string;
	points: { x: number; y: number }[];
} {
	const steps = ground === 'waves' ? 12 : ground === 'peaks' ? 7 : 5;
	const start = random() < 0.5 ? 1 : -1;
	const reach = ground === 'waves' ? rise * 0.3 : rise;
	const points = Array.from({ length: steps + 3 }, (_, step) => ({
		x: ((step - 1 + (random() - 0.5) * 0.35) / steps) * width,
		y: top + (step % 2 === 0 ? start : -start) * reach * (0.45 + random() * 0.55),
	}));
	const [first, ...others] = points;
	let path = `M${fixed(first?.x ?? 0)} ${fixed(first?.y ?? top)}`;
	let before = first ?? { x: 0, y: top };
	for (const point of others) {
		const middle = fixed((before.x + point.x) / 2);
		path +=
			ground === 'peaks'
				? `L${fixed(point.x)} ${fixed(point.y)}`
				: `C${middle} ${fixed(before.y)} ${middle} ${fixed(point.y)} ${fixed(point.x)} ${fixed(point.y)}`;
		before = point;
	}
	return { path: `${path}V${height + 50}H${fixed(first?.x ?? 0)}Z`, points };
}

/** Cut-out firs close together on some crests, rooted well below the edge so that none floats. */
function treesOn(points: readonly { x: number; y: number }[], size: number, random: () => number): string {
	const crests = points.filter(
		({ y }, index) => y < Math.min(points[index - 1]?.y ?? y + 1, points[index + 1]?.y ?? y + 1),
	);
	return crests
		.filter(() => random() < 0.7)
		.flatMap(({ x, y }) => {
			const count = 2 + Math.floor(random() * 3);
			return Array.from({ length: count }, (_, tree) => {
				const tall = size * (1.3 + random() * 1.1);
				const left = x + (tree - (count - 1) / 2) * size * 0.5;
				const [wide, foot] = [size * 0.42, y + size * 0.8];
				return `<path d="M${fixed(left - wide)} ${fixed(foot)}L${fixed(left)} ${fixed(foot - tall)}L${fixed(left + wide)} ${fixed(foot)}Z"/>`;
			});
		})
		.join('');
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

function fixed(value: number): string {
	return value.toFixed(1);
}
