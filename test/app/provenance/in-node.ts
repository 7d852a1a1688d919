import { readFile } from 'node:fs/promises';

import { initSync } from '@contentauth/c2pa-wasm';

import { settle } from '../../../app/provenance/mark';
import { fromRoot } from '../../../scripts/root';

/** A blob that remembers its bytes, so that they can be read at once, as workers read theirs. */
class MemoryBlob extends Blob {
	readonly whole: Uint8Array<ArrayBuffer>;

	constructor(bytes: Uint8Array<ArrayBuffer>, type: string) {
		super([bytes], { type });
		this.whole = bytes;
	}

	override slice(start = 0, end = this.size, type = this.type): MemoryBlob {
		return new MemoryBlob(this.whole.slice(start, end), type);
	}
}

/** What workers have and Node lacks: it reads a blob while one waits. */
class Reader {
	readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
		return blob.whole.slice().buffer;
	}
}

/** Starts the writer and reader of marks here, as a page's worker does. */
export async function startMarks(): Promise<void> {
	Object.assign(globalThis, { FileReaderSync: Reader });
	const path = fromRoot('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm');
	initSync({ module: await readFile(path) });
	settle();
}

export function fileOf(bytes: Uint8Array<ArrayBuffer>, type: string): Blob {
	return new MemoryBlob(bytes, type);
}
