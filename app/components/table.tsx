import type { ReactNode } from 'react';

export interface Column<Row> {
	readonly key: string;
	readonly head: string;
	readonly cell: (row: Row) => ReactNode;
	/** Numbers stand right. */
	readonly isNumber?: boolean;
	/** Left out below 560 px. */
	readonly isSpare?: boolean;
}

interface TableProps<Row> {
	readonly caption: string;
	readonly columns: readonly Column<Row>[];
	readonly rows: readonly Row[];
	readonly keyOf: (row: Row) => string;
	/** Why there is nothing. */
	readonly empty: string;
}

export function Table<Row>({ caption, columns, rows, keyOf, empty }: TableProps<Row>) {
	const classOf = (column: Column<Row>) =>
		[column.isNumber === true && 'r', column.isSpare === true && 'hide-s'].filter(Boolean).join(' ') || undefined;
	return (
		<table className="tbl">
			<caption className="vh">{caption}</caption>
			<thead>
				<tr>
					{columns.map((column) => (
						<th key={column.key} scope="col" className={classOf(column)}>
							{column.head}
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<tr key={keyOf(row)}>
						{columns.map((column) => (
							<td key={column.key} className={classOf(column)}>
								{column.cell(row)}
							</td>
						))}
					</tr>
				))}
				{rows.length === 0 && (
					<tr>
						<td className="soft" colSpan={columns.length}>
							{empty}
						</td>
					</tr>
				)}
			</tbody>
		</table>
	);
}
