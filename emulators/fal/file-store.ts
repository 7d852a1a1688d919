import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { OutputFault } from './faults';

export interface StoredFile {
	readonly name: string;
	readonly contentType: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** How fal describes a file in a result. */
export interface FileLink {
	readonly url: string;
	readonly content_type: string;
	readonly file_name: string;
	readonly file_size: number;
}

/** A body no caller should read to its end. It is made while it is sent and never held. */
const HUGE_BYTES = 2 ** 31;
const HUGE_CHUNK = new Uint8Array(64 * 1024);

/** Stands for fal's public file host: whoever has the address can read. */
export interface FileStore {
	/** Keeps a result's file and says where it is, as the output fault has it. */
	keep(file: StoredFile, fault: OutputFault): { id: string; link: FileLink };
	delete(id: string): void;
	clear(): void;
	all(): StoredFile[];
	readonly routes: Hono;
}

export function createFileStore(originOf: () => string): FileStore {
	const files = new Map<string, { file: StoredFile; fault: OutputFault }>();
	const addressOf = (id: string, name: string) => `${originOf()}/fal/files/${id}/${name}`;
	const routes = new Hono().get('/:id/:name', (c) => {
		const id = c.req.param('id');
		const kept = files.get(id);
		if (!kept || kept.file.name !== c.req.param('name')) return c.json({ detail: 'File not found.' }, 404);
		const { file, fault } = kept;
		const moved = c.req.query('moved') !== undefined;
		if (fault === 'redirect' && !moved) return c.redirect(`${addressOf(id, file.name)}?moved=1`, 302);
		return serve(file, fault);
	});
	return {
		keep(file, fault) {
			const id = randomUUID();
			if (fault !== 'missing') files.set(id, { file, fault });
			const url =
				fault === 'foreign_host' ? `https://foreign-host.invalid/files/${id}/${file.name}` : addressOf(id, file.name);
			return {
				id,
				link: { url, content_type: file.contentType, file_name: file.name, file_size: file.bytes.length },
			};
		},
		delete: (id) => void files.delete(id),
		clear: () => files.clear(),
		all: () => [...files.values()].map(({ file }) => file),
		routes,
	};
}

function serve({ bytes, contentType }: StoredFile, fault: OutputFault): Response {
	if (fault === 'wrong_type') {
		const page = '<!doctype html><title>Not what was promised</title>';
		return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } });
	}
	const length = fault === 'huge' ? HUGE_BYTES : bytes.length;
	const headers = { 'content-type': contentType, 'content-length': String(length) };
	return new Response(fault === 'huge' ? hugeBody() : bytes, { headers });
}

function hugeBody(): ReadableStream<Uint8Array> {
	let left = HUGE_BYTES;
	return new ReadableStream({
		pull(controller) {
			controller.enqueue(HUGE_CHUNK);
			left -= HUGE_CHUNK.length;
			if (left <= 0) controller.close();
		},
	});
}
