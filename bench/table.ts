import type { Row } from './row';

const HEADER = ['what', 'figure', 'unit', 'compared with', 'ratio', 'budget', 'met'] as const;
/** Columns of numbers, which stand flush right. */
const NUMERIC: ReadonlySet<number> = new Set([1, 4]);

/** Three figures that count: more would pretend to a precision that a shared machine does not have. */
function rounded(value: number): string {
	if (!Number.isFinite(value)) return '–';
	return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function met(budget: Row['budget']): string {
	if (budget === undefined) return '';
	return budget.isMet ? 'yes' : 'NO';
}

function cellsOf(row: Row): string[] {
	return [
		row.what,
		row.whole === true ? String(row.figure) : rounded(row.figure),
		row.unit,
		row.comparedWith ?? '',
		row.ratio === undefined ? '' : rounded(row.ratio),
		row.budget?.text ?? '',
		met(row.budget),
	];
}

/** The rows as a Markdown table, aligned, so that a terminal and docs/benchmarks.md show the same text. */
export function tableOf(rows: readonly Row[]): string {
	const lines = [[...HEADER], ...rows.map(cellsOf)];
	const widths = HEADER.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
	const print = (cells: readonly string[]) => {
		const padded = cells.map((cell, column) => {
			const width = widths[column] ?? 0;
			return NUMERIC.has(column) ? cell.padStart(width) : cell.padEnd(width);
		});
		return `| ${padded.join(' | ')} |`;
	};
	const rule = widths.map((width, column) => (NUMERIC.has(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
	const [header = [], ...body] = lines;
	return [print(header), print(rule), ...body.map(print)].join('\n');
}
