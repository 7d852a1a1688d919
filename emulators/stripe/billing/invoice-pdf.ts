const LINE_POINTS = 18;
const TOP_POINTS = 780;

/** A PDF of one A4 page with these lines of text, in Helvetica (ISO 32000-1). Letters outside Latin-1 become question marks. */
export function textPdf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
	const text = lines
		.map((line, index) => `BT /F1 11 Tf 60 ${TOP_POINTS - index * LINE_POINTS} Td (${escaped(line)}) Tj ET`)
		.join('\n');
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>',
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
		`<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
	];
	let file = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const offset = file.length;
		file += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return `${String(offset).padStart(10, '0')} 00000 n \n`;
	});
	const size = objects.length + 1;
	const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
	const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
	return Uint8Array.from(Buffer.from(file + table + trailer, 'latin1'));
}

function escaped(line: string): string {
	const winAnsi = line.replaceAll('€', '\u0080').replaceAll(/[^\u0020-\u00ff]/g, '?');
	return winAnsi.replaceAll(/[\\()]/g, (letter) => `\\${letter}`);
}
