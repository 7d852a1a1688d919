import { createHash } from 'node:crypto';

import { makeZip, predictLength } from 'client-zip';

import { DATA_MAP } from '../../../schema/data-map/data-map';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { manifestText, type ExportedFile } from './export-manifest';
import { listMedia, type ExportedMedium } from './export-media';
import { readmeText } from './export-readme';
import { exportedTables, rowsOf, type ExportScope } from './export-rows';

/** All rows of a copy as JSON in UTF-8, together; a Worker has 128 MB. Pictures and videos pass through and are not counted. */
export const EXPORT_JSON_BYTES_MAX = 32 * 1024 * 1024;

/** R2 takes 5 GB in one piece. */
export const EXPORT_BYTES_MAX = 4_500_000_000;

/** Of a file whose bytes have not passed yet: as long as the real one, so that the manifest's length is known before. */
const SHA256_UNKNOWN = '0'.repeat(64);

/** As bytes from the start: as a text and as bytes, rows would be there several times over. */
interface TextFile {
	file: ExportedFile;
	parts: readonly Uint8Array[];
}

export interface PreparedZip {
	byteLength: number;
	/** When the first of what is in it has to be gone; null: none of it has an hour of its own. */
	deleteByMs: number | null;
	body: ReadableStream<Uint8Array>;
}

/**
 * A copy of everything within the scope as a ZIP (DD-39, N17): its length at once, its bytes as they are read, one picture at a
 * time. A picture that is not there any more, or is another one, fails the stream: the next try lists anew.
 */
export async function prepareZip(
	deps: Pick<JobDeps, 'db' | 'now' | 'studio' | 'vault' | 'blobs'>,
	scope: ExportScope,
	{ jsonBytesMax = EXPORT_JSON_BYTES_MAX } = {},
): Promise<PreparedZip> {
	const madeAtMs = deps.now().getTime();
	const media = await listMedia(deps, scope);
	const tables = await readTables(deps, scope, jsonBytesMax);
	const files: ExportedFile[] = [...tables.map(({ file }) => file), ...media.map(toFile)];
	const facts = { studio: deps.studio, scope, madeAtMs, files };
	const readme = toText('README.txt', null, readmeText(facts));
	const manifestOf = () => toText('manifest.json', null, manifestText({ ...facts, files: [readme.file, ...files] }));
	const lastModified = new Date(madeAtMs);
	const texts = [readme, ...tables];
	const byteLength = Number(
		predictLength(
			[...texts.map(({ file }) => file), ...media.map(toFile), manifestOf().file].map(({ name, bytes }) => ({
				name,
				size: bytes,
				lastModified,
			})),
		),
	);
	if (byteLength > EXPORT_BYTES_MAX) throw tooLarge();

	async function* entries() {
		for (const { file, parts } of texts) {
			yield { name: file.name, size: file.bytes, lastModified, input: streamOf(parts) };
		}
		for (const medium of media) {
			const { stream, sha256 } = await openMedium(deps, medium);
			yield { name: medium.name, size: medium.byteLength, lastModified, input: stream };
			const file = files.find(({ name }) => name === medium.name);
			if (file !== undefined) file.sha256 = sha256();
		}
		const { file, parts } = manifestOf();
		yield { name: file.name, size: file.bytes, lastModified, input: streamOf(parts) };
	}
	const ends = media.flatMap(({ deleteAtMs }) => (deleteAtMs === null ? [] : [deleteAtMs]));
	return { byteLength, deleteByMs: ends.length === 0 ? null : Math.min(...ends), body: makeZip(entries()) };
}

async function readTables(
	deps: Pick<JobDeps, 'db' | 'vault'>,
	scope: ExportScope,
	bytesMax: number,
): Promise<TextFile[]> {
	const made: TextFile[] = [];
	let left = bytesMax;
	for (const [name] of exportedTables()) {
		const parts = [inUtf8('[')];
		let rows = 0;
		for await (const page of rowsOf(deps, name, scope)) {
			if (page.length === 0) continue;
			const text = page.map((row) => JSON.stringify(row)).join(',\n');
			const bytes = inUtf8(rows === 0 ? text : `,\n${text}`);
			rows += page.length;
			left -= bytes.byteLength;
			if (left < 0) throw tooLarge();
			parts.push(bytes);
		}
		parts.push(inUtf8(']\n'));
		const dataClass = DATA_MAP[name]?.dataClass ?? null;
		const { file } = ofParts(`data/${name}.json`, dataClass, parts);
		made.push({ file: { ...file, table: name, rows }, parts });
	}
	return made;
}

function toText(name: string, dataClass: ExportedFile['dataClass'], text: string): TextFile {
	return ofParts(name, dataClass, [inUtf8(text)]);
}

function ofParts(name: string, dataClass: ExportedFile['dataClass'], parts: readonly Uint8Array[]): TextFile {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
	return { file: { name, dataClass, bytes, sha256: hash.digest('hex') }, parts };
}

function inUtf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

async function* streamOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* parts;
}

function toFile({ name, dataClass, byteLength }: ExportedMedium): ExportedFile {
	return { name, dataClass, bytes: byteLength, sha256: SHA256_UNKNOWN };
}

/** The bytes of one picture, hashed as they pass. */
async function openMedium({ blobs }: Pick<JobDeps, 'blobs'>, { objectKey, byteLength }: ExportedMedium) {
	const found = await blobs.read(objectKey);
	if (found === null || found.byteLength !== byteLength) {
		await found?.body.cancel();
		throw new AppError('upstream_unavailable', 'A picture was deleted while the copy was made. It is made anew.');
	}
	const hash = createHash('sha256');
	const tap = new TransformStream<Uint8Array, Uint8Array>({
		transform(chunk, controller) {
			hash.update(chunk);
			controller.enqueue(chunk);
		},
	});
	return { stream: found.body.pipeThrough(tap), sha256: () => hash.digest('hex') };
}

function tooLarge(): AppError {
	return new AppError(
		'payload_too_large',
		'This is more than fits into one copy. Ask us, and we hand it over another way.',
	);
}
