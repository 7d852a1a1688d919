import { expect, test } from 'vitest';

import {
	CHANNELS,
	JURISDICTIONS,
	judgedClass,
	OTHER_RULES,
	PUBLISH_RULES,
	type Channel,
	type Jurisdiction,
	type PublishRule,
} from '../../../studios/publish-rules';
import type { AssetClass } from '../../../studios/studio';
import {
	type ConsentBasis,
	type GateFacts,
	judgePublishing,
	type Verdict,
} from '../../../workers/core/assets/publish-gate';

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const PURPOSES = ['show_in_room', 'patient_copy', 'website', 'social_media'];
const CLASSES: readonly AssetClass[] = ['source', 'simulation', 'genuine_pair', 'generated', 'composition'];

const CONSENT: ConsentBasis = {
	state: 'active',
	expiresAtMs: NOW_MS + 1,
	revokedAtMs: null,
	narrowedAtMs: null,
	purposes: PURPOSES,
	channels: CHANNELS,
	signerRole: 'patient',
};

const FACTS: GateFacts = {
	assetClass: 'simulation',
	madeOf: null,
	jurisdiction: 'US-CA',
	consent: CONSENT,
	isRestricted: false,
	procedure: 'whitening',
	nowMs: NOW_MS,
};

/** What a refusal to publish a simulation rests on, place by place; and which label a real pair, or what shows nobody, leaves with. */
const BY_PLACE: Readonly<Record<Jurisdiction, { simulation: string; shown: string; pair: string; generated: string }>> =
	{
		'US-CA': { simulation: 'ca-651-b3a', shown: 'simulation-label', pair: 'ca-651-b3c', generated: 'ny-396-b' },
		'US-TX': { simulation: 'tx-259-005', shown: 'simulation-label', pair: 'tx-expectations', generated: 'ny-396-b' },
		US: { simulation: 'ftc-simulated', shown: 'simulation-label', pair: 'ftc-net-impression', generated: 'ny-396-b' },
		EU: {
			simulation: 'eu-ucpd-6',
			shown: 'simulation-label-eu',
			pair: 'eu-real-pair',
			generated: 'eu-ai-50-generated',
		},
		UK: { simulation: 'uk-cap-3-1', shown: 'simulation-label', pair: 'uk-real-pair', generated: 'generated-label' },
		AU: {
			simulation: 'ahpra-simulated',
			shown: 'simulation-label',
			pair: 'ahpra-real-pair',
			generated: 'generated-label',
		},
		CA: {
			simulation: 'ca-competition-74',
			shown: 'simulation-label',
			pair: 'ca-real-pair',
			generated: 'generated-label',
		},
	};

/** What the rule of a cell has to be, written down without the table. */
function expectedRule(assetClass: AssetClass, where: Jurisdiction, use: Channel, isCovered: boolean): string {
	const place = BY_PLACE[where];
	const covered = (id: string) => (isCovered ? id : 'consent-channel');
	switch (assetClass) {
		case 'generated':
			return use === 'room' ? 'no-person' : place.generated;
		case 'genuine_pair':
			return covered(use === 'room' ? 'consent-covers' : place.pair);
		case 'source':
			return use === 'publish' ? 'photo-stays' : covered('consent-covers');
		case 'simulation':
		case 'composition':
			return use === 'publish' ? place.simulation : covered(place.shown);
	}
}

const ALLOWED = /-label|-pair|consent-covers|no-person|ca-651-b3c|tx-expectations|ftc-net|ny-396|eu-ai-50/;

/** Every subset of the channels: 16. */
const CHANNEL_SETS: readonly Channel[][] = Array.from({ length: 2 ** CHANNELS.length }, (_, bits) =>
	CHANNELS.filter((_channel, at) => (bits >> at) & 1),
);

interface Cell {
	assetClass: AssetClass;
	where: Jurisdiction;
	channels: readonly Channel[];
	verdict: Verdict;
}

function everyCell(rules: readonly PublishRule[] = PUBLISH_RULES): Cell[] {
	return CLASSES.flatMap((assetClass) =>
		JURISDICTIONS.flatMap((where) =>
			CHANNEL_SETS.flatMap((channels) =>
				judgePublishing({ ...FACTS, assetClass, jurisdiction: where, consent: { ...CONSENT, channels } }, rules).map(
					(verdict) => ({ assetClass, where, channels, verdict }),
				),
			),
		),
	);
}

/** The cells that are not as they are written down. */
function wrongCells(rules?: readonly PublishRule[]): unknown[] {
	const sentences = new Map<string, string>([
		...PUBLISH_RULES.map(({ id, sentence }) => [id, sentence] as const),
		...Object.entries(OTHER_RULES).map(([id, { sentence }]) => [id, sentence] as const),
	]);
	return everyCell(rules).filter(({ assetClass, where, channels, verdict }) => {
		const id = expectedRule(assetClass, where, verdict.use, channels.includes(verdict.use));
		const isRight =
			verdict.ruleId === id &&
			verdict.isAllowed === ALLOWED.test(id) &&
			verdict.rule === sentences.get(id) &&
			verdict.source !== '' &&
			(verdict.isAllowed || verdict.label === null);
		return !isRight;
	});
}

test('every class in every place, by every set of channels and for every use, has the rule and the sentence that are written down', () => {
	expect(everyCell()).toHaveLength(5 * 7 * 16 * 5);
	expect(wrongCells()).toEqual([]);
});

test('with any one rule of the table left out, some cell differs', () => {
	const unmissed = PUBLISH_RULES.filter(({ id }) => {
		const without = PUBLISH_RULES.filter((rule) => rule.id !== id);
		// Its cell has a dimension of its own: who signed.
		return id !== 'ahpra-minors' && wrongCells(without).length === 0;
	});
	expect(unmissed.map(({ id }) => id)).toEqual([]);
});

test.each([
	[
		'simulation',
		'US-CA',
		'website',
		'AI changed the teeth, and California takes a picture that was altered in any manner, or shows no real result, for deceptive. You can show it in the room and give it to the patient.',
		'Cal. B&P §651(b)(3)(A)',
		null,
	],
	[
		'simulation',
		'AU',
		'social_media',
		'AI changed the teeth. Ahpra lets predictive tools into consultations and keeps them out of advertising. You can show it in the room and give it to the patient.',
		'Ahpra, advertising of higher-risk cosmetic procedures, 2 September 2025',
		null,
	],
	[
		'simulation',
		'EU',
		'share_link',
		'Covered by the consent. That AI made it has to be said where it is first seen, inside the picture.',
		'EU AI Act, Art. 50(4)',
		'Changed with AI. A visualisation, not a promise of a result',
	],
	[
		'genuine_pair',
		'US-CA',
		'website',
		'Covered by the consent. This label has to be readable inside the picture all the time.',
		'Cal. B&P §651(b)(3)(C)',
		'Actual patient. Procedure: whitening. Same results may not occur for all patients.',
	],
	[
		'generated',
		'US',
		'social_media',
		'It shows no real person, and advertising with it has to say so.',
		'N.Y. Gen. Bus. Law §396-b',
		'Made with AI. It shows no real person.',
	],
] as const)('a %s in %s says at %s what the practice reads', (assetClass, jurisdiction, place, rule, source, label) => {
	const verdict = judgePublishing({ ...FACTS, assetClass, jurisdiction }).find((each) => each.place === place);
	expect(verdict).toMatchObject({ rule, source, label, isAllowed: !rule.startsWith('AI changed') });
});

test('a purpose that was not signed is not covered by the channel alone', () => {
	const consent = { ...CONSENT, purposes: ['website'], channels: ['publish'] as const };
	const verdicts = judgePublishing({ ...FACTS, assetClass: 'genuine_pair', jurisdiction: 'UK', consent });
	expect(verdicts.filter(({ isAllowed }) => isAllowed).map(({ place }) => place)).toEqual(['website']);
	expect(verdicts.find(({ place }) => place === 'social_media')?.ruleId).toBe('consent-channel');
});

test.each([
	[{ state: 'revoked' }, 'consent-revoked'],
	[{ state: 'expired' }, 'consent-expired'],
	[{ expiresAtMs: NOW_MS }, 'consent-expired'],
	[{ state: 'draft', expiresAtMs: null }, 'consent-draft'],
] as const)(
	'under a consent with %j nothing that shows a patient is allowed, and the rule says why',
	(change, ruleId) => {
		for (const assetClass of ['simulation', 'genuine_pair', 'source', 'composition'] as const) {
			const verdicts = judgePublishing({ ...FACTS, assetClass, consent: { ...CONSENT, ...change } });
			expect(verdicts.filter(({ isAllowed }) => isAllowed)).toEqual([]);
			expect(verdicts[0]).toMatchObject({ place: 'show_in_room', ruleId });
		}
	},
);

function allowed(facts: Partial<GateFacts>): number {
	return judgePublishing({ ...FACTS, ...facts }).filter(({ isAllowed }) => isAllowed).length;
}

test('without a consent only what shows no real person is allowed, and while restricted nothing is', () => {
	expect(CLASSES.map((assetClass) => allowed({ assetClass, consent: null }))).toEqual([0, 0, 0, 5, 0]);
	expect(CLASSES.map((assetClass) => allowed({ assetClass, isRestricted: true }))).toEqual([0, 0, 0, 0, 0]);
});

test('where somebody signed for the patient, Australia publishes nothing, and others do', () => {
	const consent = { ...CONSENT, signerRole: 'representative' as const };
	const publishing = (jurisdiction: Jurisdiction) =>
		judgePublishing({ ...FACTS, assetClass: 'genuine_pair', jurisdiction, consent })
			.filter(({ use }) => use === 'publish')
			.map(({ ruleId }) => ruleId);
	expect(publishing('AU')).toEqual(['ahpra-minors', 'ahpra-minors']);
	expect(publishing('UK')).toEqual(['uk-real-pair', 'uk-real-pair']);
});

test('a label that has to name the procedure keeps a pair back until it is known', () => {
	const verdicts = judgePublishing({ ...FACTS, assetClass: 'genuine_pair', procedure: null });
	expect(verdicts.filter(({ isAllowed }) => isAllowed).map(({ place }) => place)).toEqual(['show_in_room']);
	expect(verdicts.find(({ use }) => use === 'publish')).toMatchObject({ ruleId: 'procedure-unnamed', label: null });
});

test.each([
	[null, 'simulation'],
	[[], 'simulation'],
	[['genuine_pair', 'genuine_pair'], 'genuine_pair'],
	[['generated'], 'generated'],
	[['genuine_pair', 'source'], 'source'],
	[['genuine_pair', 'simulation'], 'simulation'],
	[['genuine_pair', 'generated'], 'simulation'],
	[['composition', 'genuine_pair'], 'simulation'],
] as const)('a composition of %j is judged as %s', (madeOf, kind) => {
	expect(judgedClass('composition', madeOf)).toBe(kind);
});
