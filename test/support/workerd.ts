import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { afterEach } from 'vitest';

import { expectLedgerIsSound } from './ledger-invariant';

await applyD1Migrations(env.DB, env.MIGRATIONS);

// After every test, not only those of credits: whatever touches the ledger has to leave it sound.
afterEach(() => expectLedgerIsSound(drizzle(env.DB)));
