import { expect, test } from 'vitest';

import { STRIPE_EVENT_TYPES } from '../../workers/core/billing/event-types';
import { readText, section } from './documents';

test('the webhook endpoint that the operations describe hears of exactly what is acted on', () => {
	const payments = section(readText('docs/operations.md'), '## Payments');
	const named = [...payments.matchAll(/enabled_events\[\]=([\w.]+)"/g)].map(([, type]) => type);
	expect(named).toEqual([...STRIPE_EVENT_TYPES]);
	expect(payments).toContain('api_version=2026-10-28.endive');
});
