import type { Affected, IncidentFile } from './incident-shapes';

const MISSING = '(not written yet: incident describe)';

/**
 * The notice to the authority as Markdown, with each point of GDPR Art. 33(3): (a) nature, categories and numbers, (b) contact,
 * (c) consequences, (d) measures; and when it is late the reason of Art. 33(1).
 */
export function incidentReport({ incident, studio, controller, titles }: IncidentFile, affected: Affected): string {
	const subjects = affected.accounts.reduce((sum, each) => sum + each.subjects.length, 0);
	const records = affected.records.map(({ dataClass, records: rows }) => `- ${dataClass}: about ${rows}`);
	return `# Notice of a personal data breach (GDPR Art. 33)

Reference: ${incident.id}
Service: ${studio}

## Who notifies

- Controller: ${controller.name}, ${controller.address}
- Contact (Art. 33(3)(b)): ${controller.email}
- Data protection officer: ${controller.dataProtectionOfficer ?? 'none'}

## When

- Possible from ${incident.from} until ${incident.until}
- Became known: ${incident.knownAt}
- 72 hours end: ${incident.reportBy}
${lateness(incident)}
## What happened (Art. 33(3)(a))

${incident.title}

${incident.words.happened ?? MISSING}

Categories of data: ${titles.join(', ')}

Approximate number of people with an account: ${affected.people}
Approximate number of people in pictures: ${subjects}, in ${affected.accounts.length} accounts
People who wrote to support without an account: ${affected.tickets.length}
People who asked for a right without an account: ${affected.requests.length}

Approximate number of records:

${records.join('\n')}

## Likely consequences (Art. 33(3)(c))

${incident.words.consequences ?? MISSING}

## Measures taken and proposed (Art. 33(3)(d))

${incident.words.measures ?? MISSING}

## Telling those affected (Art. 34)

${told(incident)} They are advised: ${incident.words.advice ?? MISSING}
`;
}

function lateness({ reportedAt, reportBy, reportReason, state }: IncidentFile['incident']): string {
	const isLate = state === 'late' || (reportedAt !== null && reportedAt > reportBy);
	return isLate
		? `- Reasons for the delay (Art. 33(1)): ${reportReason ?? '(give them: incident reported --reason)'}\n`
		: '';
}

function told({ told: count, underWay, notReached, toldAt }: IncidentFile['incident']): string {
	if (count + underWay + notReached === 0) return 'Nobody was told yet.';
	const last = toldAt === null ? ' so far' : `; the last mail was written at ${toldAt}`;
	return [
		`${count} people were told by mail${last}.`,
		...(underWay === 0 ? [] : [`Mail to ${underWay} is under way.`]),
		...(notReached === 0 ? [] : [`${notReached} could not be told by mail, and are told by letter or phone.`]),
	].join(' ');
}
