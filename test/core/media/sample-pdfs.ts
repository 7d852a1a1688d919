import { deflateSync } from 'node:zlib';

import { PDFDocument, StandardFonts } from 'pdf-lib';

export function latin(text: string): Uint8Array {
	return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** A consent of so many pages as writers of PDFs make it; packed: objects in compressed streams, as PDF 1.5 has them. */
export async function writtenPdf({ pages = 1, isPacked = true } = {}): Promise<Uint8Array> {
	return (await writtenDocument(pages)).save({ useObjectStreams: isPacked });
}

export async function writtenDocument(pages = 1): Promise<PDFDocument> {
	const document = await PDFDocument.create();
	const font = await document.embedFont(StandardFonts.Helvetica);
	for (let page = 1; page <= pages; page += 1) {
		document.addPage([595, 842]).drawText(`Authorization, page ${page}. Signed: Mara Sample`, { font, size: 12 });
	}
	return document;
}

export interface HandMade {
	/** Inside the catalog's dictionary. */
	readonly catalog?: string;
	/** Whole objects, after the three that each file has. */
	readonly more?: readonly string[];
	readonly trailer?: string;
	/** Behind the last line. */
	readonly tail?: string;
	readonly header?: string;
}

/** One page, laid out by hand, its table of objects right. */
export function handMadePdf({
	catalog = '',
	more = [],
	trailer = '',
	tail = '',
	header = '%PDF-1.4\n',
}: HandMade = {}) {
	const bodies = [
		`1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${catalog} >>\nendobj\n`,
		'2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
		'3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n',
		...more,
	];
	let text = header;
	const rows: string[] = [];
	for (const body of bodies) {
		rows.push(`${String(text.length).padStart(10, '0')} 00000 n \n`);
		text += body;
	}
	const at = text.length;
	text += `xref\n0 ${rows.length + 1}\n0000000000 65535 f \n${rows.join('')}`;
	return latin(
		`${text}trailer\n<< /Size ${rows.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n${tail}`,
	);
}

/** An object that is a stream; `dictionary` stands before its length. */
export function streamObject(number: number, dictionary: string, data: Uint8Array | string, length?: string): string {
	const text = typeof data === 'string' ? data : Array.from(data, (byte) => String.fromCharCode(byte)).join('');
	return `${number} 0 obj\n<< ${dictionary} /Length ${length ?? text.length} >>\nstream\n${text}\nendstream\nendobj\n`;
}

/** Objects packed as PDF 1.5 does it. */
export function packed(number: number, objects: string, dictionary = '/Type /ObjStm /N 1 /First 4'): string {
	return streamObject(
		number,
		`${dictionary} /Filter /FlateDecode`,
		new Uint8Array(deflateSync(latin(`9 0 ${objects}`))),
	);
}
