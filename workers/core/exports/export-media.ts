import { and, eq, gt } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { DataClass } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { KEPT_UNTIL_MS } from '../uploads/upload-state';

/**
 * A photo that is deleted sooner than this is left out: a copy may not outlive what it was made from, and would be gone before
 * anybody had it.
 */
export const SOURCE_LEFT_MS = 6 * 3_600_000;

export interface ExportedMedium {
	name: string;
	objectKey: string;
	byteLength: number;
	dataClass: DataClass;
	/** When its own time ends, and with it that of every copy; null: when somebody deletes it. */
	deleteAtMs: number | null;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'video/mp4': 'mp4',
	'application/pdf': 'pdf',
};

const KINDS: Readonly<Record<(typeof uploads.$inferSelect)['kind'], { folder: string; dataClass: DataClass }>> = {
	source: { folder: 'photos', dataClass: 'source' },
	logo: { folder: 'logo', dataClass: 'account' },
	paper: { folder: 'papers', dataClass: 'consent' },
};

/** The pictures, videos and papers that an account holds now and that may be shown. Two D1 statements. */
export async function listMedia(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ accountId }: { accountId: string | null },
): Promise<ExportedMedium[]> {
	if (accountId === null) return [];
	const nowMs = now().getTime();
	const isReady = and(eq(uploads.accountId, accountId), eq(uploads.state, 'ready'));
	const [sources, outputs] = await db.batch([
		db
			.select()
			.from(uploads)
			.where(and(isReady, gt(uploads.deleteAtMs, nowMs + SOURCE_LEFT_MS))),
		db
			.select()
			.from(assets)
			.where(and(eq(assets.accountId, accountId), eq(assets.state, 'ready'))),
	]);
	return [
		...sources.map((row) => ({
			name: `media/${KINDS[row.kind].folder}/${row.id}.${extensionOf(row.contentType)}`,
			objectKey: row.objectKey,
			byteLength: row.byteLength ?? row.declaredBytes,
			dataClass: KINDS[row.kind].dataClass,
			deleteAtMs: row.deleteAtMs === KEPT_UNTIL_MS || row.kind === 'logo' ? null : row.deleteAtMs,
		})),
		...outputs.map((row) => ({
			name: `media/made/${row.id}.${extensionOf(row.contentType)}`,
			objectKey: row.objectKey,
			byteLength: row.byteLength,
			dataClass: 'output' as const,
			deleteAtMs: null,
		})),
	];
}

function extensionOf(contentType: string): string {
	return EXTENSIONS[contentType] ?? 'bin';
}
