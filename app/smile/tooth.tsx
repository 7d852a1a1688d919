import type { Shade } from '../../smile/shades';

// Drawn for the eye, not computed: the guide's Lab values measure a lit tab, and on a white page they read as grey.
const FILLS: Readonly<Record<Shade, string>> = {
	BL1: '#fdfcf8',
	BL2: '#fbf9f2',
	BL3: '#faf6ec',
	BL4: '#f8f4e8',
	B1: '#f5efdf',
	A1: '#f3ead5',
	B2: '#efe4c9',
	D2: '#e9dfc8',
	A2: '#ecdcbc',
	C1: '#e2d8c0',
	C2: '#d9cdb2',
	D4: '#dccca8',
	A3: '#e2cc9f',
	D3: '#d8c5a0',
	B3: '#e0c68f',
	'A3.5': '#d7bb85',
	B4: '#d6b577',
	C3: '#c5b28e',
	A4: '#c6a267',
	C4: '#b79e76',
};

export function Tooth({ shade }: { shade: Shade }) {
	return (
		<svg viewBox="0 0 24 36" width="24" height="36" aria-hidden="true">
			<path
				d="M2.5 8.5C2.5 3.6 6.4 1.5 12 1.5s9.5 2.1 9.5 7c0 7-1.5 12-2.5 18.5-.6 4-2.6 5.5-7 5.5s-6.4-1.5-7-5.5C4 20.5 2.5 15.5 2.5 8.5Z"
				fill={FILLS[shade]}
				stroke="#1b1815"
				strokeOpacity=".28"
			/>
			<path
				d="M7 9c0 6 .6 11 1.4 16"
				stroke="#fff"
				strokeOpacity=".6"
				strokeWidth="2"
				strokeLinecap="round"
				fill="none"
			/>
		</svg>
	);
}
