import { DAY_MS } from './data-classes';
import type { ProductPolicy } from './policy';

/** What an erasure leaves in every studio; nothing else may be found afterwards. */
export const RESIDUE: ProductPolicy['erasure']['residue'] = [
	{
		what: 'What was paid and which credits came and went, under a random number',
		why: 'tax and accounting law asks for vouchers',
		until: '10 years after the payment',
		of: ['account'],
		ms: 10 * 366 * DAY_MS,
	},
	{
		what: 'Deletion receipts, with random numbers and no person',
		why: 'each holds the one before, so removing one would break the proof of all',
		until: 'for good',
		of: ['person', 'account', 'subject'],
		ms: null,
	},
	{
		what: 'That something changed in the account, without who, why and from where',
		why: 'to find out when an account was misused',
		until: '24 months after it happened',
		of: ['person', 'account'],
		ms: 731 * DAY_MS,
	},
	{
		what: 'Which choice about measurement and mail was made, without by whom',
		why: 'to prove that a choice was followed',
		until: '36 months after it was made',
		of: ['person'],
		ms: 3 * 366 * DAY_MS,
	},
	{
		what: 'The mark that this is erased, a random number',
		why: 'so that a late message about it is refused',
		until: 'for good',
		of: ['person', 'account', 'subject'],
		ms: null,
	},
	{
		what: 'Invoices and payments, at Stripe',
		why: 'the law has it keep them; the customer they were of is deleted there',
		until: 'as long as the law asks',
		of: ['account'],
		ms: null,
	},
	{
		what: 'Mail that we sent you, at Resend',
		why: 'it removes what it delivered by its own schedule, and cannot be asked to do so earlier',
		until: 'by its own schedule',
		of: ['person'],
		ms: null,
	},
	{
		what: 'That mail about the erasure was sent, without its words and address',
		why: 'to send it once',
		until: '30 days after it was sent',
		of: ['person'],
		ms: 30 * DAY_MS,
	},
	{
		what: 'That mail to an address came back or was called unwanted, under a fingerprint',
		why: 'to send nothing to where it is not read',
		until: '24 months after it happened',
		of: ['person'],
		ms: 731 * DAY_MS,
	},
	{
		what: 'What you asked about your rights and what was answered, sealed and without your account',
		why: 'to show that it was answered in time',
		until: '3 years after the answer',
		of: ['person'],
		ms: 3 * 366 * DAY_MS,
	},
	{
		what: 'Removed rows in the history of the database',
		why: 'the database keeps one and cannot be told otherwise; what is sealed in it stays unreadable, because its key is gone',
		until: '30 days after the removal',
		of: ['person', 'account', 'subject'],
		ms: 30 * DAY_MS,
	},
];

/** What is the same in every studio, and no business of one product. */
export const COMMON = {
	location: {
		claim:
			'The database, the files and the queues are kept in the United States. Requests are answered at the nearest edge, which may be elsewhere.',
		jurisdiction: 'us',
	},
	rights: { responseDays: 30, extensionDays: 60, alarmDays: 7 },
	training: 'never',
	history:
		'The database has a history: a row that is removed can be brought back for 30 days by whoever runs the service. References, signatures, words of orders and messages are sealed, and stay unreadable even then, because their key is destroyed and keys have no history. The rest is plain and could be read for those 30 days: names and addresses of people, their practice and their invitations, names of keys and passkeys, the network and browser of sign-ins and changes with their reasons, and what processors told of an order. Photos, pictures and videos have no history.',
} as const satisfies Partial<ProductPolicy>;
