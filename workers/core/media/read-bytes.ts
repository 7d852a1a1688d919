/** Bounded reads: a field outside the file is a refusal, never `undefined` and never an exception of the engine. */
import { endsTooEarly } from './image-types';

export function u8(bytes: Uint8Array, at: number): number {
	const value = bytes[at];
	if (value === undefined) throw endsTooEarly();
	return value;
}

export function u16(bytes: Uint8Array, at: number): number {
	return (u8(bytes, at) << 8) | u8(bytes, at + 1);
}

export function u32(bytes: Uint8Array, at: number): number {
	return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}

export function u16le(bytes: Uint8Array, at: number): number {
	return u8(bytes, at) | (u8(bytes, at + 1) << 8);
}

export function u24le(bytes: Uint8Array, at: number): number {
	return u16le(bytes, at) | (u8(bytes, at + 2) << 16);
}

export function u32le(bytes: Uint8Array, at: number): number {
	return u16le(bytes, at) + u16le(bytes, at + 2) * 0x10000;
}

/** Four characters that name a chunk or a box, byte by byte. */
export function fourCc(bytes: Uint8Array, at: number): string {
	return String.fromCharCode(u8(bytes, at), u8(bytes, at + 1), u8(bytes, at + 2), u8(bytes, at + 3));
}

/** Whether the ASCII `text` stands at `at`; false beyond the end. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
	if (at + text.length > bytes.length) return false;
	for (let index = 0; index < text.length; index++) {
		if (bytes[at + index] !== text.charCodeAt(index)) return false;
	}
	return true;
}
