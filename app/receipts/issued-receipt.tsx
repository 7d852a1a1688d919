import { FileDown, Printer } from 'lucide-react';

import { Button } from '../components/button';
import { Chip } from '../components/chip';
import { Notice } from '../components/notice';
import { Receipt, type ReceiptFact } from '../components/receipt';
import { Time } from '../components/time';
import { type Keeping, keepingLine } from '../render/keeping-words';
import { useStudio } from '../shell';
import { CheckIt } from './check-it';
import type { IssuedReceipt } from './read-receipt';
import { deletedWords, PLACE_STATES, REASONS, whatHappened, whatWasFound } from './receipt-words';

/** A signed receipt as its page shows it: what can be done with it, the document, and how to check it without us. */
export function IssuedReceiptView({
	id,
	receipt,
	file,
	canPrint = true,
}: {
	id: string;
	receipt: IssuedReceipt;
	/** Where the signed file is. */
	file: string;
	/** False where no script of ours answers a button; the browser's own menu prints there. */
	canPrint?: boolean;
}) {
	const studio = useStudio();
	const { seq, body, signature, keyId, sealBytes, proof } = receipt;
	return (
		<>
			<Standing receipt={receipt} file={file} canPrint={canPrint} />
			<Receipt
				issuer={studio.name}
				cap={`${studio.name} · No. ${seq.toLocaleString('en')}`}
				title="Deletion receipt"
				sentence={
					<>
						{whatHappened(body)} <Time at={body.deletedAt} as="document" />. {whatWasFound(body)}
					</>
				}
				facts={factsOf(receipt)}
				{...(body.kept.length > 0 ? { kept: <Kept kept={body.kept} /> } : {})}
				signature={{
					line: `Ed25519 · key ${keyId} · ${placeWords(seq, proof?.treeSize ?? null)}`,
					text: signature,
					sealBytes,
				}}
			/>
			<CheckIt id={id} treeSize={proof?.treeSize ?? null} />
		</>
	);
}

function placeWords(seq: number, treeSize: number | null): string {
	const place = `place ${seq.toLocaleString('en')}`;
	return treeSize === null ? `${place} in the log` : `${place} of ${treeSize.toLocaleString('en')} in the public log`;
}

interface StandingProps {
	readonly receipt: IssuedReceipt;
	readonly file: string;
	readonly canPrint: boolean;
}

function Standing({ receipt: { isSigned }, file, canPrint }: StandingProps) {
	return (
		<>
			<div className="row spread beside no-print">
				{isSigned ? (
					<Chip state="kept">Signature checked just now</Chip>
				) : (
					<Chip state="stop">The signature does not fit</Chip>
				)}
				<div className="row">
					{canPrint && (
						<Button look="line" type="button" onClick={() => print()}>
							<Printer size={18} strokeWidth={1.75} aria-hidden="true" />
							Print
						</Button>
					)}
					<a className="btn line" href={file} download>
						<FileDown size={18} strokeWidth={1.75} aria-hidden="true" />
						Signed file
					</a>
				</div>
			</div>
			{!isSigned && (
				<Notice kind="stop" title="Do not rely on this receipt">
					Its text and its signature do not belong together. Load the page again; if it stays, keep the file and tell
					us.
				</Notice>
			)}
		</>
	);
}

function factsOf({ body, proof, seq }: IssuedReceipt): ReceiptFact[] {
	return [
		{ key: 'what', term: 'What', value: `${deletedWords(body.deleted)}, ${body.objectId}` },
		...(body.dueAt === null ? [] : [{ key: 'due', term: 'Due', value: <Time at={body.dueAt} as="document" /> }]),
		{ key: 'deleted', term: 'Deleted', value: <Time at={body.deletedAt} as="document" /> },
		...body.places.map(({ name, state, checkedAt }) => ({
			key: name,
			term: name,
			value: (
				<>
					{PLACE_STATES[state]}, <Time at={checkedAt} as="document" />
				</>
			),
		})),
		...(body.processors ?? []).map((kept) => ({
			key: `kept by ${kept.name}`,
			term: `What ${kept.name} kept`,
			value: <KeptThere kept={kept} />,
		})),
		{ key: 'why', term: 'Why', value: REASONS[body.reason] },
		{
			key: 'log',
			term: 'In the public log',
			value:
				proof === null ? (
					'not under a signed head yet, which is a matter of minutes'
				) : (
					<>
						{`at place ${seq.toLocaleString('en')} of ${proof.treeSize.toLocaleString('en')}, head signed `}
						<Time at={proof.signedAt} as="document" />
					</>
				),
		},
	];
}

function KeptThere({ kept }: { kept: Keeping }) {
	return (
		<>
			{keepingLine(kept)}
			{kept.deletedAt !== null && (
				<>
					, payload deleted at <Time at={kept.deletedAt} as="document" />
				</>
			)}
		</>
	);
}

function Kept({ kept }: { kept: IssuedReceipt['body']['kept'] }) {
	return (
		<ul>
			{kept.map(({ what, why, until }) => (
				<li key={what}>
					{what}: {why}
					{until === null ? (
						''
					) : (
						<>
							, until <Time at={until} as="document" />
						</>
					)}
					.
				</li>
			))}
		</ul>
	);
}
