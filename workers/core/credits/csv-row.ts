/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A line of CSV with its end (RFC 4180): text is quoted where it has to be, and text that a spreadsheet would compute begins with
 * an apostrophe. Numbers stay numbers, the negative too; null is an empty cell.
 */
export function csvRow(cells: readonly (string | number | null)[]): string {
	return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number | null): string {
	if (value === null) return '';
	if (typeof value === 'number') return String(value);
	const text = FORMULA.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
