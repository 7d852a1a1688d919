import type { D1Database as Database } from '@cloudflare/workers-types';

/** Photos that are due wait among this many times as many that are not. */
export const NOT_DUE_TIMES = 10;
export const NOW_MS = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;

/** The rows of `count` photos in one statement; ids carry `prefix`, and their hours lie a second apart. */
function photos(db: Database, photo: { prefix: string; count: number; firstDeleteAtMs: number }) {
	const { prefix, count, firstDeleteAtMs } = photo;
	// An id's body is 26 characters; digits are among those allowed.
	return db
		.prepare(
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO uploads (id, account_id, subject_id, consent_id, kind, state, object_key, content_type,
				declared_bytes, byte_length, created_at_ms, put_expires_at_ms, delete_at_ms, delete_clock, receipt_id)
			SELECT 'upl_' || ?2 || printf('%025d', i), 'acc_bench', 'sub_bench', 'cns_bench', 'source', 'ready',
				'src/' || ?2 || i, 'image/jpeg', 3, 3, ?3, ?3, ?4 + i * 1000, 'creation', 'rct_' || ?2 || printf('%025d', i)
			FROM n`,
		)
		.bind(count, prefix, NOW_MS - 48 * HOUR_MS, firstDeleteAtMs);
}

/** An account with one consented patient, `due` photos whose hour has come and `notDue` whose has not. */
export async function seed(db: Database, { due, notDue }: { due: number; notDue: number }): Promise<void> {
	await db.batch([
		db.prepare(`INSERT INTO users (id, name, email, email_verified, created_at, updated_at)
			VALUES ('usr_bench', 'Bench', 'bench@practice.example', 0, 0, 0)`),
		db.prepare(`INSERT INTO accounts (id, name, created_at_ms) VALUES ('acc_bench', 'Bench', 0)`),
		db.prepare(`INSERT INTO subjects (id, account_id, reference, created_at_ms)
			VALUES ('sub_bench', 'acc_bench', 'BENCH-1', 0)`),
		db
			.prepare(
				`INSERT INTO consents (id, account_id, subject_id, state, text_version, purposes, expires_at_ms,
					told_of_revocation, told_treatment_not_conditioned, told_of_redisclosure, created_at_ms)
				VALUES ('cns_bench', 'acc_bench', 'sub_bench', 'active', '1', '[]', ?, 1, 1, 1, 0)`,
			)
			.bind(NOW_MS + 1000 * HOUR_MS),
		photos(db, { prefix: 'd', count: due, firstDeleteAtMs: NOW_MS - (due + 1) * 1000 }),
		photos(db, { prefix: 'n', count: notDue, firstDeleteAtMs: NOW_MS + HOUR_MS }),
	]);
}
