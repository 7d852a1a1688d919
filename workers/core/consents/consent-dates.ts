import { type LifeRule, lastsToMs, lifeRuleOf, MINOR_RULE } from '../../../studios/consent-rules';
import { type Jurisdiction, jurisdictionOf } from '../../../studios/publish-rules';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import type { ConsentElements } from './consent-elements';

const DAY_MS = 86_400_000;

export interface DatesOrder {
	elements: Pick<ConsentElements, 'expiresAtMs' | 'signedAtMs' | 'signerRole'>;
	/** Where the practice says it is; null: it has not, and the strictest place counts. */
	jurisdiction: Jurisdiction | null;
	/** The day on which a patient who is a minor comes of age; left out for grown-ups. It is compared and not kept. */
	comesOfAgeAtMs?: number | null | undefined;
}

/**
 * Refuses (`invalid_input`, with rule and source) an end date that is past or later than the rules of the practice's place allow, a
 * signature dated tomorrow, and of a minor a consent that they sign themselves or that outlasts their coming of age.
 */
export function requireDates(deps: Pick<Deps, 'now' | 'studio'>, order: DatesOrder): void {
	const nowMs = deps.now().getTime();
	const { expiresAtMs, signedAtMs } = order.elements;
	if (expiresAtMs !== null) {
		if (expiresAtMs <= nowMs) throw refused('expiresAt', 'The end date is past. Choose one that lies ahead.');
		const rule = lifeRuleOf(jurisdictionOf(deps.studio.slug, order.jurisdiction).jurisdiction);
		if (expiresAtMs > lastsToMs(rule, signedAtMs ?? nowMs)) throw tooLong(rule);
	}
	if (signedAtMs !== null && signedAtMs > nowMs + DAY_MS) {
		throw refused('signedAt', 'The signature is dated in the future. Use the day it was signed.');
	}
	requireGuardian(order, nowMs);
}

function requireGuardian({ elements, comesOfAgeAtMs }: DatesOrder, nowMs: number): void {
	if (comesOfAgeAtMs === null || comesOfAgeAtMs === undefined) return;
	if (comesOfAgeAtMs <= nowMs) {
		throw refused('comesOfAgeAt', 'The patient has come of age. Leave the day out, and have them sign themselves.');
	}
	if (elements.signerRole === 'patient') {
		throw refused('signerRole', `${MINOR_RULE.sentence} Choose that somebody signs for them.`, MINOR_RULE);
	}
	if (elements.expiresAtMs !== null && elements.expiresAtMs > comesOfAgeAtMs) {
		throw refused('expiresAt', `${MINOR_RULE.sentence} Choose an end date up to that day.`, MINOR_RULE);
	}
}

function tooLong(rule: LifeRule): AppError {
	const { years, sentence, source } = rule;
	const span = years === 1 ? 'a year' : `${years} years`;
	const what = `The end date is more than ${span} after the signature. ${sentence} (${source}) Choose an earlier one.`;
	return refused('expiresAt', what, rule);
}

function refused(field: string, sentence: string, rule?: { id: string; source: string }): AppError {
	return new AppError('invalid_input', sentence, {
		details: { fields: [field], ...(rule === undefined ? {} : { rule: rule.id, source: rule.source }) },
	});
}
