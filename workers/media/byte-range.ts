export interface ByteRange {
	offset: number;
	length: number;
}

/**
 * What a Range header asks of an object of `size` bytes (RFC 9110 §14): one range, `unsatisfiable`, or `whole` for what may be
 * ignored: no header, another unit, broken syntax, several ranges (a multipart answer is what byte-range floods use).
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
	const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.replaceAll(' ', '') ?? '');
	const [, first = '', last = ''] = match ?? [];
	if (first === '' && last === '') return 'whole';
	if (first === '') {
		const length = Math.min(Number(last), size);
		return length === 0 ? 'unsatisfiable' : { offset: size - length, length };
	}
	const offset = Number(first);
	if (last !== '' && Number(last) < offset) return 'whole';
	if (offset >= size) return 'unsatisfiable';
	return { offset, length: (last === '' ? size : Math.min(Number(last) + 1, size)) - offset };
}
