import * as z from 'zod/mini';

import { hashFile } from './hash-file';
import { writeMarkHere, type FileOrder } from './marks';

/** How a file left. Whatever failed, the file is there. */
export interface LeavingFile {
	readonly file: Blob;
	/** What lies beside it; null: nothing was stated. */
	readonly statement: Blob | null;
	/** In a sentence or two. */
	readonly said: string;
	/** Whether it could have had content credentials, and saving data spared them. */
	readonly isSpared: boolean;
}

const Facts = z.object({
	label: z.nullable(z.string()),
	digitalSourceType: z.string(),
	signatureBytes: z.nullable(z.number()),
});
type Facts = z.infer<typeof Facts>;
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** What content credentials can be written into here. */
const MARKABLE = new Set(['image/jpeg', 'image/png', 'image/webp', 'video/mp4']);

const UNSAID = 'It left without content credentials and without a statement.';
const UNKEPT = 'Nothing of its order is kept here to go by. Keep it first, then download it again to get both.';
const NO_ANSWER = 'What it is could not be asked. Download it again later to get both.';

/**
 * Gives a file what it has to say about itself before it leaves: content credentials inside, and a signed statement beside it (N12). The
 * bytes stay here; the api sees hashes. `isSpared`: the device saves data, so the three megabytes that write credentials are not loaded.
 */
export async function withCredentials(
	file: Blob,
	order: FileOrder,
	{ isSpared }: { readonly isSpared: boolean },
): Promise<LeavingFile> {
	const facts = await readFacts(order);
	if ('refused' in facts) {
		return { file, statement: null, said: `${UNSAID} ${facts.refused}`, isSpared: false };
	}
	const marked = await markedFile(file, order, { facts, isSpared });
	const statement = await stated(marked.file, order);
	const beside = statement === null ? 'No statement could be signed for it.' : 'Its signed statement is beside it.';
	const couldHave = isSpared && facts.signatureBytes !== null;
	return { file: marked.file, statement, said: `${marked.said} ${beside}`, isSpared: couldHave };
}

async function readFacts(order: FileOrder): Promise<Facts | { readonly refused: string }> {
	try {
		const answer = await fetch(`/v1/provenance/facts?${new URLSearchParams({ ...order })}`);
		const body: unknown = await answer.json();
		if (answer.ok) return Facts.parse(body);
		if (answer.status === 404) return { refused: UNKEPT };
		const refusal = Refusal.safeParse(body);
		return { refused: refusal.success ? refusal.data.error.message : NO_ANSWER };
	} catch {
		return { refused: NO_ANSWER };
	}
}

async function markedFile(
	file: Blob,
	order: FileOrder,
	{ facts, isSpared }: { readonly facts: Facts; readonly isSpared: boolean },
): Promise<{ readonly file: Blob; readonly said: string }> {
	const { signatureBytes } = facts;
	if (signatureBytes === null) {
		return { file, said: 'It left without content credentials: no certificate for them is set here.' };
	}
	if (isSpared) return { file, said: 'It left without content credentials: this device asks to save data.' };
	if (!MARKABLE.has(file.type)) return { file, said: 'It left without content credentials: its format carries none.' };
	try {
		const marked = await writeMarkHere(file, order, { ...facts, signatureBytes });
		return marked === null
			? { file, said: 'It left with the content credentials that its maker gave it, as they were.' }
			: { file: marked, said: 'It left with content credentials inside.' };
	} catch {
		return { file, said: 'It left without content credentials: they could not be written on this device.' };
	}
}

async function stated(file: Blob, order: FileOrder): Promise<Blob | null> {
	try {
		const fileHash = await hashFile(file);
		const answer = await fetch('/v1/provenance/statements', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ ...order, fileHash, contentType: file.type, byteLength: file.size }),
		});
		if (!answer.ok) return null;
		return new Blob([JSON.stringify(await answer.json(), null, '\t')], { type: 'application/json' });
	} catch {
		return null;
	}
}

/** Whether the device asked to be spared data that nobody asked for. */
export function savesData(): boolean {
	const { connection } = navigator as { connection?: { saveData?: boolean } };
	return connection?.saveData === true;
}
