/** @jsxRuntime automatic -- a script that runs this file as it is finds no compiler options for it */
import { Body, Container, Head, Heading, Hr, Html, Text } from '@react-email/components';

import type { Letter } from '../letter';
import { DARK, INK, PAPER, RULE, SANS, SOFT } from './looks';
import { Part } from './parts';

/** The page that every mail is written on: heading, parts, who writes. Nothing in it comes from elsewhere, and nothing tells that it was read. */
export function LetterPage({ letter, studioName }: { letter: Letter; studioName: string }) {
	return (
		<Html lang="en">
			<Head>
				<meta name="viewport" content="width=device-width,initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="supported-color-schemes" content="light dark" />
				<title>{letter.subject}</title>
				<style>{DARK}</style>
			</Head>
			<Body className="paper" style={{ margin: 0, padding: 0, background: PAPER, color: INK, fontFamily: SANS }}>
				<Container className="paper" style={{ maxWidth: 528, background: PAPER, color: INK, fontFamily: SANS }}>
					<div style={{ padding: '40px 24px' }}>
						<Heading as="h1" style={{ margin: '0 0 24px', fontSize: 24, lineHeight: 1.25, fontWeight: 650 }}>
							{letter.heading}
						</Heading>
						{letter.parts.map((part, at) => (
							// Parts never move within a letter.
							// eslint-disable-next-line react/no-array-index-key
							<Part key={at} part={part} />
						))}
						<Hr className="rule" style={{ margin: '40px 0 16px', border: 0, borderTop: `1px solid ${RULE}` }} />
						{[studioName, ...(letter.footer ?? [])].map((line) => (
							<Footing key={typeof line === 'string' ? line : line.label} line={line} />
						))}
					</div>
				</Container>
			</Body>
		</Html>
	);
}

function Footing({ line }: { line: string | { label: string; url: string } }) {
	return (
		<Text className="soft" style={{ margin: '0 0 8px', fontSize: 15, lineHeight: 1.55, color: SOFT }}>
			{typeof line === 'string' ? (
				line
			) : (
				<a className="soft" href={line.url} style={{ color: SOFT }}>
					{line.label}
				</a>
			)}
		</Text>
	);
}
