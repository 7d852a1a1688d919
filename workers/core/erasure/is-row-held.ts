import { sql, type SQL } from 'drizzle-orm';

import { DATA_MAP } from '../../../schema/data-map/data-map';
import { heldIds, isAnyHold } from './is-held';

/**
 * True while no legal hold lies on whom a row of this table is about (DD-17): the person, account or patient that the data map names,
 * or those of the row it belongs to. For statements over the table under its own name, of what leaves by age and of what is late alike.
 * A table whose rows name nobody is bound by nothing.
 */
export function isRowNotHeld(table: string): SQL {
	const held = isHeldAs(table, table);
	// While there is no hold, which is nearly always, no row is looked up for one.
	return held === null ? sql`true` : sql`(not ${isAnyHold()} or not (${held}))`;
}

/** Of rows that the map gives to nobody, and that still tell of somebody through others. */
const THROUGH_OTHERS: Readonly<Record<string, (alias: string) => SQL>> = {
	// What the mail service told about one mail belongs to whoever that mail went to.
	mail_events: (alias) =>
		sql`exists (select 1 from mails m where m.provider_id = ${columnOf(alias, 'provider_id')} and ${isOneOf(columnOf('m', 'user_id'))})`,
	// Who was told of an incident hangs on it.
	incidents: (alias) =>
		sql`exists (select 1 from incident_notices n where n.incident_id = ${columnOf(alias, 'id')} and ${isOneOf(columnOf('n', 'user_id'))})`,
};

function isHeldAs(table: string, alias: string): SQL | null {
	const of = DATA_MAP[table]?.of ?? {};
	const owners = [of.person, of.account, of.subject].flatMap((column) =>
		column === undefined ? [] : [isOneOf(columnOf(alias, column))],
	);
	const above = of.parent === undefined ? null : isHeldAs(of.parent.table, `${alias}_of`);
	if (of.parent !== undefined && above !== null) {
		const parent = `${alias}_of`;
		owners.push(
			sql`exists (select 1 from ${sql.identifier(of.parent.table)} as ${sql.identifier(parent)}
				where ${columnOf(parent, 'id')} = ${columnOf(alias, of.parent.by)} and (${above}))`,
		);
	}
	const through = THROUGH_OTHERS[table];
	if (through !== undefined) owners.push(through(alias));
	return owners.length === 0 ? null : sql.join(owners, sql` or `);
}

function isOneOf(column: SQL): SQL {
	return sql`coalesce(${column}, '') in ${heldIds()}`;
}

function columnOf(alias: string, column: string): SQL {
	return sql`${sql.identifier(alias)}.${sql.identifier(column)}`;
}
