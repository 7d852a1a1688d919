import { getTableName, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { legalHolds } from '../../../schema/erasures';
import { assets, renders } from '../../../schema/renders';
import { exports, rightsRequests } from '../../../schema/rights';
import { uploads } from '../../../schema/uploads';
import { sessions } from '../../../schema/users';
import { retentionMs, type ProductPolicy } from '../../../studios/policy/policy';
import { isErasureHeld, isNotHeld } from '../erasure/is-held';
import { isRowNotHeld } from '../erasure/is-row-held';
import { isPurgeable, statutoryBefore } from '../erasure/purge-statutory';
import { LATE_PUT_MS } from '../media/upload-window';
import { AGED_TABLES, type AgedTable } from './aged-tables';
import { COUNT_MAX, type EvidenceClass } from './evidence-class';

/** What is due is deleted by the minute; a quarter of an hour later it is late. */
export const LATE_MS = 15 * 60_000;
/** What leaves by the hour has that hour as well. */
const HOURLY_LATE_MS = 75 * 60_000;
const DAY_MS = 86_400_000;
/** Over how long the time that erasures took is told. */
export const DONE_DAYS = 30;

/** One row of the question: class, how many, since when the oldest, how many late. Each part reads at most `COUNT_MAX` rows. */
export interface Measure {
	readonly dataClass: EvidenceClass;
	readonly held: SQL;
	readonly since: SQL;
	readonly late: SQL;
}

export interface MeasureInput {
	readonly policy: Pick<ProductPolicy, 'data' | 'rights'>;
	readonly nowMs: number;
}

/** Of our own reckoning and never of a person's: it stands in the text, since one question takes 100 parameters. */
function whole(value: number): SQL {
	if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
	return sql.raw(String(value));
}

const AT_MOST = sql`limit ${whole(COUNT_MAX)}`;

function counted(rows: SQL): SQL {
	return sql`(select count(*) from (${rows} ${AT_MOST}))`;
}

const PHOTO = sql`${uploads} where ${uploads.kind} = 'source' and ${uploads.state}`;
const PHOTOS = {
	ready: sql`${PHOTO} = 'ready'`,
	deleting: sql`${PHOTO} = 'deleting'`,
	awaiting: sql`${PHOTO} = 'awaiting'`,
};

export function measuresOf(input: MeasureInput): Measure[] {
	return [
		source(input),
		output(),
		processorCopy(input),
		session(input),
		exported(input),
		requestOpen(input),
		...erasure(input),
		hold(),
		statutory(input),
		...AGED_TABLES.map((table) => aged(table, input)),
	];
}

function aged({ dataClass, table, since, shouldGo }: AgedTable, { policy, nowMs }: MeasureInput): Measure {
	const lateBefore = nowMs - retentionMs(policy, dataClass) - HOURLY_LATE_MS;
	const mayNotStay = sql.join([shouldGo ?? sql`true`, isRowNotHeld(getTableName(table))], sql` and `);
	return {
		dataClass,
		held: counted(sql`select 1 from ${table} where ${since} is not null`),
		since: sql`(select ${since} from ${table} where ${since} is not null order by ${since} limit 1)`,
		late: counted(sql`select 1 from ${table} where ${since} <= ${whole(lateBefore)} and ${mayNotStay}`),
	};
}

/**
 * The photo's clock starts where its due time less the promise lies, and not before it came: who asks for its deletion makes it due
 * at once. One whose address is open can come back until that ends, so it is due then. The places at processors belong to it.
 */
function source({ policy, nowMs }: MeasureInput): Measure {
	const { ready, deleting, awaiting } = PHOTOS;
	const startMs = sql`max(${uploads.createdAtMs}, ${uploads.deleteAtMs} - ${whole(retentionMs(policy, 'source'))})`;
	const isFree = isNotHeld(uploads.accountId, uploads.subjectId);
	const isLate = sql`${uploads.deleteAtMs} <= ${whole(nowMs - LATE_MS)} and ${isFree}`;
	const isClosed = sql`${uploads.putExpiresAtMs} <= ${whole(nowMs - LATE_PUT_MS - LATE_MS)}`;
	const earliest = (rows: SQL) =>
		sql`(select min(start_ms) from (select ${startMs} as start_ms from ${rows} ${AT_MOST}))`;
	const late = [
		sql`select 1 from ${ready} and ${isLate}`,
		sql`select 1 from ${deleting} and ${isLate} and ${isClosed}`,
		sql`select 1 from ${awaiting} and ${isClosed}`,
	];
	const starts = [
		// By its index the first of these is the oldest.
		sql`(select ${startMs} from ${ready} order by ${uploads.deleteAtMs} limit 1)`,
		earliest(sql`${deleting} order by ${uploads.deleteAtMs}`),
		earliest(sql`${awaiting} order by ${uploads.putExpiresAtMs}`),
	];
	const rows = starts.map((start) => sql`(${start})`);
	return {
		dataClass: 'source',
		held: sum([ready, deleting, awaiting].map((state) => counted(sql`select 1 from ${state}`))),
		since: sql`(select min(column1) from (values ${sql.join(rows, sql`, `)}))`,
		late: sum(late.map(counted)),
	};
}

/** What is made stays until somebody deletes it, so no time is promised and none can be late. */
function output(): Measure {
	const ready = sql`${assets} where ${assets.state} = 'ready'`;
	return {
		dataClass: 'output',
		held: counted(sql`select 1 from ${ready}`),
		// Rows lie in the order in which they came.
		since: sql`(select ${assets.createdAtMs} from ${ready} order by ${assets}.rowid limit 1)`,
		late: sql`0`,
	};
}

/** What a processor got of an order that ended has to be gone there before the photo's receipt is signed, which is a day. */
function processorCopy({ policy, nowMs }: MeasureInput): Measure {
	const left = sql`${renders} where ${renders.forgottenAtMs} is null and ${renders.finishedAtMs} is not null`;
	const lateBefore = nowMs - retentionMs(policy, 'source') - LATE_MS;
	return {
		dataClass: 'processor_copy',
		held: counted(sql`select 1 from ${left}`),
		since: sql`(select min(${renders.finishedAtMs}) from ${left})`,
		late: counted(sql`select 1 from ${left} and ${renders.finishedAtMs} <= ${whole(lateBefore)}`),
	};
}

/** Sessions end by the world's clock, as they do where they are removed. */
function session({ nowMs }: MeasureInput): Measure {
	const lateBefore = Math.min(nowMs, Date.now()) - HOURLY_LATE_MS;
	return {
		dataClass: 'session',
		held: counted(sql`select 1 from ${sessions}`),
		since: sql`(select ${sessions.createdAt} from ${sessions} order by rowid limit 1)`,
		late: counted(sql`select 1 from ${sessions} where ${sessions.expiresAt} <= ${whole(lateBefore)}`),
	};
}

function exported({ nowMs }: MeasureInput): Measure {
	const ready = sql`${exports} where ${exports.state} = 'ready'`;
	return {
		dataClass: 'export',
		held: counted(sql`select 1 from ${ready}`),
		since: sql`(select min(${exports.readyAtMs}) from ${ready})`,
		late: counted(sql`select 1 from ${ready} and ${exports.deleteAtMs} <= ${whole(nowMs - LATE_MS)}`),
	};
}

function requestOpen({ nowMs }: MeasureInput): Measure {
	const open = sql`${rightsRequests} where ${rightsRequests.state} = 'open'`;
	return {
		dataClass: 'request_open',
		held: counted(sql`select 1 from ${open}`),
		since: sql`(select min(${rightsRequests.receivedAtMs}) from ${open})`,
		late: counted(sql`select 1 from ${open} and ${rightsRequests.dueAtMs} <= ${whole(nowMs)}`),
	};
}

function hold(): Measure {
	const held = sql`${legalHolds} where ${legalHolds.releasedAtMs} is null`;
	return {
		dataClass: 'hold',
		held: counted(sql`select 1 from ${held}`),
		since: sql`(select min(${legalHolds.placedAtMs}) from ${held})`,
		late: sql`0`,
	};
}

/**
 * What the law keeps of an account after its erasure goes with its number, which is deleted last: while that is there, something is. A
 * walk of a day tries each, so it is late a day after what leaves by the hour.
 */
function statutory({ policy, nowMs }: MeasureInput): Measure {
	const erased = sql`${accounts} where ${accounts.erasedAtMs} is not null`;
	const lateBefore = statutoryBefore(policy, nowMs - DAY_MS - HOURLY_LATE_MS);
	return {
		dataClass: 'billing',
		held: counted(sql`select 1 from ${erased}`),
		since: sql`(select min(${accounts.erasedAtMs}) from ${erased})`,
		late: counted(sql`select 1 from ${erased} and ${accounts.erasedAtMs} <= ${whole(lateBefore)} and ${isPurgeable()}`),
	};
}

/** Under way: what waits for a legal hold is not late. Ended: how long the longest took, and 95 in 100 at most. */
function erasure({ nowMs }: MeasureInput): Measure[] {
	const open = sql`erasures where state in ('requested', 'executing', 'verifying', 'blocked')`;
	const free = sql`not ${isErasureHeld()}`;
	const done = sql`erasures where finished_at_ms > ${whole(nowMs - DONE_DAYS * DAY_MS)}`;
	const times = sql`select finished_at_ms - requested_at_ms as ms from ${done} ${AT_MOST}`;
	const all = counted(sql`select 1 from ${done}`);
	const late = counted(sql`select 1 from ${done} and finished_at_ms > due_at_ms`);
	// The nearest rank: of 20 the 19th, of one the first.
	const rank = sql`(95 * ${all} + 99) / 100 - 1`;
	const agoMs = (ms: SQL) => sql`${whole(nowMs)} - ${ms}`;
	return [
		{
			dataClass: 'erasure',
			held: counted(sql`select 1 from ${open}`),
			since: sql`(select min(requested_at_ms) from ${open})`,
			late: counted(sql`select 1 from ${open} and due_at_ms <= ${whole(nowMs)} and ${free}`),
		},
		{ dataClass: 'erasure_done', held: all, since: agoMs(sql`(select max(ms) from (${times}))`), late },
		{
			dataClass: 'erasure_p95',
			held: all,
			since: agoMs(sql`(select ms from (${times}) order by ms limit 1 offset max(${rank}, 0))`),
			late,
		},
	];
}

function sum(parts: readonly SQL[]): SQL {
	return sql.join([...parts], sql` + `);
}
