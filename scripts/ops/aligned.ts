/** Rows as columns of plain text, two spaces apart; numbers to the right. Empty for no rows. */
export function alignedRows(rows: readonly (readonly (string | number)[])[]): string {
	const widths = rows.reduce<number[]>(
		(found, row) => row.map((cell, column) => Math.max(found[column] ?? 0, String(cell).length)),
		[],
	);
	return rows
		.map((row) => {
			const cells = row.map((cell, column) => {
				const width = widths[column] ?? 0;
				return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width);
			});
			return `  ${cells.join('  ').trimEnd()}\n`;
		})
		.join('');
}

/** A table with its head. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
	// A head over numbers stands to their right edge, where they end.
	const widths = head.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)),
	);
	const titles = head.map((title, column) =>
		typeof rows[0]?.[column] === 'number' ? title.padStart(widths[column] ?? 0) : title,
	);
	return alignedRows([titles, ...rows]);
}
