import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { afterEach } from 'vitest';

import { emptyStores } from './empty-stores';
import { expectLedgerIsSound } from './ledger-invariant';

// One Worker for all files, and for each of them empty stores: sweeps, audits and the question below work on all that there is,
// and would count, and take longer with, what other files left.
await emptyStores();

// After every test, not only those of credits: whatever touches the ledger has to leave it sound.
afterEach(() => expectLedgerIsSound(drizzle(env.DB)));
