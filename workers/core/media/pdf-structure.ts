import { asText, endOfRegular, indexOfText, isDigit, isRegular, isSpace, notPlain, readName } from './pdf-bytes';

export interface PdfStream {
	/** Of its data, in bytes of the file. */
	readonly from: number;
	readonly to: number;
	/** Every name in its dictionary, in order. */
	readonly names: readonly string[];
}

export interface PdfStructure {
	/** Where each `1 0 obj` begins. */
	readonly objects: ReadonlySet<number>;
	readonly streams: readonly PdfStream[];
}

const OBJECTS_MAX = 20_000;
const DEPTH_MAX = 200;
/** Outside of streams; the tables of a file of 20,000 objects have 60,000. */
const TOKENS_MAX = 1_000_000;
const STREAM_NAMES_MAX = 1_000;

/**
 * Reads a whole PDF from its first byte to its last, as ISO 32000-1 §7.5 lays it out: objects, cross-reference tables, trailers, and nothing in
 * between. Only what two readers cannot read differently passes: a stream as long as it says, and no object hidden inside
 * a string or a stream, where one that repairs files would find it.
 */
export function readPdfStructure(bytes: Uint8Array): PdfStructure {
	const walk = new Walk(bytes);
	walk.file();
	refuseHiddenObjects(bytes, walk.objects);
	return { objects: walk.objects, streams: walk.streams };
}

type Token = { readonly kind: 'name' | 'word' | 'mark' | 'string' | 'end'; readonly text: string; readonly at: number };

class Walk {
	readonly objects = new Set<number>();
	readonly streams: PdfStream[] = [];
	#at = 0;
	#tokens = 0;
	#lengths: ReadonlyMap<string, number | null> | null = null;

	constructor(readonly bytes: Uint8Array) {}

	/** What may stand at the top: objects, tables, trailers, comments. */
	file(): void {
		for (let token = this.#next(); token.kind !== 'end'; token = this.#next()) {
			if (/^\d{1,10}$/.test(token.text)) this.#object(token);
			else if (token.text === 'xref') this.#table();
			else if (token.text === 'startxref') this.#word(/^\d{1,10}$/);
			else throw notPlain('has something between its objects');
		}
	}

	#object(number: Token): void {
		this.#word(/^\d{1,5}$/);
		this.#word(/^obj$/);
		this.objects.add(number.at);
		if (this.objects.size > OBJECTS_MAX) throw notPlain('has too many parts to be looked through');
		const { end, names, length } = this.#value();
		if (end === 'endobj') return;
		if (end !== 'stream') throw notPlain('is damaged');
		if (names.length === STREAM_NAMES_MAX) throw notPlain('is too tangled to be looked through');
		this.#stream(names, length);
		this.#word(/^endobj$/);
	}

	/** Everything up to the keyword that ends it, which has to stand outside of every bracket and string. */
	#value(): { end: string; names: string[]; length: string | null } {
		const names: string[] = [];
		const open: string[] = [];
		let length: string | null = null;
		for (;;) {
			const token = this.#next();
			if (token.kind === 'end') throw notPlain('is cut off');
			if (token.kind === 'name') {
				if (names.length < STREAM_NAMES_MAX) names.push(token.text);
				if (token.text === 'Length' && open.length === 1) {
					if (length !== null) throw notPlain('says two things about one part');
					length = this.#lengthHere();
				}
			} else if (token.kind === 'mark') this.#bracket(token.text, open);
			else if (token.kind === 'word' && /^(?:endobj|stream|endstream|obj|xref|trailer|startxref)$/.test(token.text)) {
				if (open.length > 0) throw notPlain('is damaged');
				return { end: token.text, names, length };
			}
		}
	}

	#bracket(mark: string, open: string[]): void {
		if (mark === '<<' || mark === '[') {
			open.push(mark);
			if (open.length > DEPTH_MAX) throw notPlain('is too tangled to be looked through');
		} else if (open.pop() !== (mark === '>>' ? '<<' : '[')) throw notPlain('is damaged');
	}

	/** `12` or `5 0 R` after `/Length`; null where a name says that this was no key. */
	#lengthHere(): string | null {
		const before = this.#at;
		const first = this.#next();
		if (!/^\d{1,10}$/.test(first.text)) {
			this.#at = before;
			return null;
		}
		const afterFirst = this.#at;
		const [second, third] = [this.#next(), this.#next()];
		if (/^\d{1,5}$/.test(second.text) && third.text === 'R') return `${Number(first.text)} ${Number(second.text)}`;
		this.#at = afterFirst;
		return first.text;
	}

	#stream(names: readonly string[], length: string | null): void {
		const { bytes } = this;
		if (bytes[this.#at] === 13) this.#at += 1;
		if (bytes[this.#at] !== 10 || length === null) throw notPlain('is damaged');
		const from = this.#at + 1;
		const byteLength = length.includes(' ') ? this.#lengthOf(length) : Number(length);
		let end = from + byteLength;
		for (let spaces = 0; spaces < 2 && isSpace(bytes[end]); spaces += 1) end += 1;
		// The first `endstream` is where a reader stops that does not trust the length: it has to be the same place.
		if (indexOfText(bytes, 'endstream', from) !== end) throw notPlain('is damaged');
		this.streams.push({ from, to: from + byteLength, names });
		this.#at = end + 'endstream'.length;
	}

	/** A length that is an object of its own. */
	#lengthOf(reference: string): number {
		this.#lengths ??= readLengths(this.bytes);
		const length = this.#lengths.get(reference) ?? null;
		if (length === null) throw notPlain('is damaged');
		return length;
	}

	#table(): void {
		for (let token = this.#next(); token.text !== 'trailer'; token = this.#next()) {
			if (token.kind !== 'word' || !/^(?:\d{1,10}|n|f)$/.test(token.text)) throw notPlain('is damaged');
		}
		const open: string[] = [];
		do {
			const token = this.#next();
			if (token.kind === 'mark') this.#bracket(token.text, open);
			else if (token.kind === 'end' || open.length === 0) throw notPlain('is damaged');
		} while (open.length > 0);
	}

	#word(form: RegExp): string {
		const token = this.#next();
		if (token.kind !== 'word' || !form.test(token.text)) throw notPlain('is damaged');
		return token.text;
	}

	#next(): Token {
		const { bytes } = this;
		this.#tokens += 1;
		if (this.#tokens > TOKENS_MAX) throw notPlain('is too tangled to be looked through');
		this.#skip();
		const at = this.#at;
		const byte = bytes[at];
		if (byte === undefined) return { kind: 'end', text: '', at };
		if (isRegular(byte)) {
			this.#at = endOfRegular(bytes, at, bytes.length);
			if (this.#at - at > 255) throw notPlain('is damaged');
			return { kind: 'word', text: asText(bytes, at, this.#at), at };
		}
		switch (String.fromCharCode(byte)) {
			case '/':
				this.#at = endOfRegular(bytes, at + 1, bytes.length);
				return { kind: 'name', text: readName(bytes, at + 1, this.#at), at };
			case '(':
				this.#at = endOfString(bytes, at);
				return { kind: 'string', text: '', at };
			case '<':
				return this.#angle(at);
			case '>':
				if (bytes[at + 1] !== byte) throw notPlain('is damaged');
				this.#at = at + 2;
				return { kind: 'mark', text: '>>', at };
			case '[':
			case ']':
				this.#at = at + 1;
				return { kind: 'mark', text: String.fromCharCode(byte), at };
			default:
				throw notPlain('is damaged');
		}
	}

	#angle(at: number): Token {
		if (this.bytes[at + 1] === 0x3c) {
			this.#at = at + 2;
			return { kind: 'mark', text: '<<', at };
		}
		const end = this.bytes.indexOf(0x3e, at);
		if (end === -1) throw notPlain('is cut off');
		this.#at = end + 1;
		return { kind: 'string', text: '', at };
	}

	/** White space and comments. */
	#skip(): void {
		const { bytes } = this;
		for (;;) {
			while (isSpace(bytes[this.#at])) this.#at += 1;
			if (bytes[this.#at] !== 0x25) return;
			while (this.#at < bytes.length && bytes[this.#at] !== 10 && bytes[this.#at] !== 13) this.#at += 1;
		}
	}
}

/** Behind the parenthesis that closes the one at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
	let depth = 0;
	for (let at = from; at < bytes.length; at += 1) {
		const byte = bytes[at];
		if (byte === 0x5c) at += 1;
		else if (byte === 0x28) depth += 1;
		else if (byte === 0x29) depth -= 1;
		if (depth === 0) return at + 1;
	}
	throw notPlain('is cut off');
}

/** Where each `obj` stands that may head an object: some readers need no space before it. */
function* objectWords(bytes: Uint8Array): Generator<number> {
	for (let at = indexOfText(bytes, 'obj', 0); at !== -1; at = indexOfText(bytes, 'obj', at + 3)) {
		if (isSpace(bytes[at - 1]) || isDigit(bytes[at - 1])) yield at;
	}
}

/** `5 0 obj 1234 endobj`, by `5 0`; null where two say different things. */
function readLengths(bytes: Uint8Array): ReadonlyMap<string, number | null> {
	const lengths = new Map<string, number | null>();
	for (const at of objectWords(bytes)) {
		const head = /(\d{1,10})\s+(\d{1,5})\s+$/.exec(asText(bytes, Math.max(0, at - 24), at));
		const tail = /^obj\s+(\d{1,10})\s+endobj/.exec(asText(bytes, at, at + 40));
		if (head === null || tail === null) continue;
		const key = `${Number(head[1])} ${Number(head[2])}`;
		const length = Number(tail[1]);
		lengths.set(key, lengths.has(key) && lengths.get(key) !== length ? null : length);
	}
	return lengths;
}

/**
 * Every `obj` that could be the head of an object has to be one that was read as such: a reader that repairs a file looks for them
 * everywhere. A line's end before it counts as a number, for a comment may stand there.
 */
function refuseHiddenObjects(bytes: Uint8Array, objects: ReadonlySet<number>): void {
	for (const at of objectWords(bytes)) {
		const generation = skipBack(bytes, at, isSpace);
		const between = skipBack(bytes, generation, isDigit);
		const number = skipBack(bytes, between, isSpace);
		const start = skipBack(bytes, number, isDigit);
		const isHead = between < generation && number < between && start < number;
		if (isHead && objects.has(start)) continue;
		if (isHead || hasLineEnd(bytes, generation, at) || (between < generation && hasLineEnd(bytes, number, between))) {
			throw notPlain('hides one part inside another');
		}
	}
}

function skipBack(bytes: Uint8Array, to: number, isSkipped: (byte: number | undefined) => boolean): number {
	let at = to;
	while (at > 0 && isSkipped(bytes[at - 1])) at -= 1;
	return at;
}

function hasLineEnd(bytes: Uint8Array, from: number, to: number): boolean {
	return bytes.subarray(from, to).some((byte) => byte === 10 || byte === 13);
}
