import type { ReactNode } from 'react';

import { sourceTypeWords } from '../../studios/source-types';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { ReadMark } from './mark';
import type { StatementProof } from './statement';
import type { Finding, FoundStatement } from './verify-file';

/** Everything that can be said of the file, the strongest first. */
export function FindingView({ finding }: { finding: Finding }) {
	switch (finding.about) {
		case 'refused':
			return (
				<Notice kind="stop" title={finding.title}>
					{finding.sentence}
				</Notice>
			);
		case 'statement':
			return <AloneStatement found={finding} />;
		case 'file':
			return <FileFinding {...finding} />;
	}
}

function AloneStatement({ found }: { found: FoundStatement }) {
	return (
		<>
			<StatementSaid found={found} />
			<p className="soft">
				It is about the file with the SHA-256 <code>{found.statement.body.fileHash}</code>. Choose that file to see
				whether it is the one.
			</p>
		</>
	);
}

type FileProps = Extract<Finding, { about: 'file' }>;

function FileFinding({ fileHash, mark, statements }: FileProps) {
	const isNothing = mark === null && statements?.length === 0;
	return (
		<>
			{isNothing && <Nothing />}
			{statements === null && (
				<Notice kind="failed" title="What was stated here could not be asked">
					The connection broke, or too many questions came from here. Choose the file again in a minute.
				</Notice>
			)}
			{statements?.map((found) => (
				<StatementSaid key={found.statement.signature} found={found} />
			))}
			{!isNothing && statements?.length === 0 && (
				<p className="soft">
					No statement is known of these bytes. That is so for every copy that an app or a network has changed on its
					way.
				</p>
			)}
			{mark !== null && <MarkSaid mark={mark} />}
			{!isNothing && mark === null && (
				<p className="soft">No content credentials are in it. Networks often take them out of what is uploaded.</p>
			)}
			<p className="small muted">
				SHA-256 <code>{fileHash}</code>
			</p>
		</>
	);
}

function Nothing() {
	return (
		<Notice kind="plain" title="Nothing is known of this file">
			It carries no content credentials, and nothing was stated here of these bytes. That does not mean that it is real,
			that it is false, or that it was not made here: most networks and messengers change a file on its way, and then
			nothing that was said of it fits any more. Ask whoever gave it to you for the file itself.
		</Notice>
	);
}

const PROOFS: Readonly<Record<StatementProof, { kind: 'kept' | 'stop' | 'soon'; title: string; sentence: string }>> = {
	ours: {
		kind: 'kept',
		title: 'This service stated what it is',
		sentence: 'The signature fits, checked in this browser against the published keys.',
	},
	not_ours: {
		kind: 'stop',
		title: 'This statement does not hold',
		sentence: 'It was changed after it was signed, or somebody else signed it. Nothing in it counts.',
	},
	unchecked: {
		kind: 'soon',
		title: 'A statement that could not be checked',
		sentence: 'The published keys could not be read, or this browser cannot check the signature. Try a current one.',
	},
};

const CLASSES: Readonly<Record<FoundStatement['statement']['body']['class'], string>> = {
	source: 'A photo',
	simulation: 'A simulation: AI changed it, and it is no result',
	genuine_pair: 'Real photos, before and after',
	generated: 'Made by AI; it shows no real person',
};

function StatementSaid({ found: { statement, proof } }: { found: FoundStatement }) {
	const { kind, title, sentence } = PROOFS[proof];
	const { body } = statement;
	return (
		<section className="said-of" aria-label="Statement">
			<Notice kind={kind} title={title}>
				{sentence}
			</Notice>
			{proof !== 'not_ours' && (
				<Facts
					rows={[
						['What it is', CLASSES[body.class]],
						['How it came to be', sourceTypeWords(body.digitalSourceType) ?? body.digitalSourceType],
						['Label inside', body.label],
						[
							'Computed by',
							body.tools.map(({ processor, model }) => `${processor}, ${model}`).join('; ') || 'Nobody: no AI',
						],
						['Exported by', body.madeBy],
						['With', body.studio],
						['Stated', <Time key="at" at={body.statedAt} as="document" />],
					]}
				/>
			)}
			{proof === 'ours' && (
				<p className="small muted">
					Which work the file shows is the word of whoever exported it. The service signed what that work is, and these
					very bytes.
				</p>
			)}
		</section>
	);
}

const MARKS: Readonly<Record<ReadMark['state'], { kind: 'kept' | 'stop'; title: string; sentence: string }>> = {
	whole: {
		kind: 'kept',
		title: 'Content credentials, and the file is as it was signed',
		sentence: 'The signature fits, and so does every byte.',
	},
	changed: {
		kind: 'stop',
		title: 'The file was changed after it was signed',
		sentence: 'Its content credentials are about other bytes. What they say need not be so of this file.',
	},
	broken: {
		kind: 'stop',
		title: 'The content credentials do not hold',
		sentence: 'Their signature is broken, or a part of them was changed or is missing. Nothing in them counts.',
	},
};

function MarkSaid({ mark }: { mark: ReadMark | 'unread' }) {
	if (mark === 'unread') {
		return (
			<Notice kind="failed" title="Content credentials could not be looked for">
				What reads them did not load in this browser, or did not get through the file. Choose it again.
			</Notice>
		);
	}
	const { kind, title, sentence } = MARKS[mark.state];
	const { digitalSourceType: type } = mark;
	return (
		<section className="said-of" aria-label="Content credentials">
			<Notice kind={kind} title={title}>
				{sentence}
			</Notice>
			{mark.state !== 'broken' && (
				<Facts
					rows={[
						['How it came to be', type === null ? null : (sourceTypeWords(type) ?? type)],
						['Label inside', mark.label],
						['Written by', mark.generator],
						['When', mark.when === null ? null : <Time key="at" at={mark.when} as="document" />],
						['Signed by', mark.signedBy],
					]}
				/>
			)}
			{mark.state !== 'broken' && (
				<p className="small muted">
					No list of trusted signers is asked here. Who signed is what the certificate says; nobody else vouches for it
					on this page.
				</p>
			)}
		</section>
	);
}

function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
	return (
		<dl className="facts">
			{rows.map(
				([name, value]) =>
					value !== null && (
						<div key={name}>
							<dt>{name}</dt>
							<dd>{value}</dd>
						</div>
					),
			)}
		</dl>
	);
}
