/** @jsxRuntime automatic -- a script that runs this file as it is finds no compiler options for it */
import { Button, Heading, Link, Section, Text } from '@react-email/components';

import type { LetterPart } from '../letter';
import { INK, MONO, PAPER, SOFT, WELL } from './looks';

const PARAGRAPH = { margin: '0 0 20px', fontSize: 17, lineHeight: 1.55 };
const SMALL = { ...PARAGRAPH, fontSize: 15, color: SOFT };

/** One part of a letter, as its kind looks. */
export function Part({ part }: { part: LetterPart }) {
	switch (part.kind) {
		case 'words':
			return <Text style={PARAGRAPH}>{part.words}</Text>;
		case 'heading':
			return (
				<Heading as="h2" style={{ margin: '28px 0 8px', fontSize: 19, lineHeight: 1.3, fontWeight: 650 }}>
					{part.words}
				</Heading>
			);
		case 'aside':
			return <Aside words={part.words} />;
		case 'code':
			return <Code code={part.code} />;
		case 'action':
			return <Action label={part.label} url={part.url} />;
	}
}

export function Aside({ words }: { words: string }) {
	return (
		<Text className="soft" style={SMALL}>
			{words}
		</Text>
	);
}

/** Read in two halves, copied as one word: the gap is space between letters, not a letter. */
function Code({ code }: { code: string }) {
	const half = Math.ceil(code.length / 2);
	return (
		<Text
			className="well"
			style={{
				margin: '0 0 20px',
				padding: 16,
				borderRadius: 10,
				background: WELL,
				color: INK,
				textAlign: 'center',
				fontFamily: MONO,
				fontSize: 36,
				lineHeight: 1.2,
				letterSpacing: 2,
				whiteSpace: 'nowrap',
				userSelect: 'all',
				WebkitUserSelect: 'all',
			}}
		>
			{code.slice(0, half - 1)}
			<span style={{ letterSpacing: 16 }}>{code.slice(half - 1, half)}</span>
			{code.slice(half)}
		</Text>
	);
}

/** The address stands below the button, for whoever wants to see where it leads or opens it elsewhere. */
function Action({ label, url }: { label: string; url: string }) {
	return (
		<>
			<Section style={{ margin: '0 0 12px' }}>
				<Button
					className="act"
					href={url}
					style={{
						padding: '12px 20px',
						borderRadius: 10,
						background: INK,
						color: PAPER,
						fontSize: 17,
						fontWeight: 600,
						lineHeight: '20px',
					}}
				>
					{label}
				</Button>
			</Section>
			<Address url={url} />
		</>
	);
}

function Address({ url }: { url: string }) {
	return (
		<Text style={{ ...SMALL, overflowWrap: 'anywhere' }}>
			<Link className="soft" href={url} style={{ color: SOFT, textDecoration: 'underline' }}>
				{url}
			</Link>
		</Text>
	);
}
