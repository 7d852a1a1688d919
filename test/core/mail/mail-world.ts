import { eq } from 'drizzle-orm';

import { mails } from '../../../schema/mail';
import { createMailGateway } from '../../../workers/core/gateways/resend';
import type { Mail } from '../../../workers/core/mail/mail';
import { mailStatements, type MailAbout } from '../../../workers/core/mail/queue-mail';
import { freshDeps, type TestDeps } from '../../support/deps';
import { fakeResend, type FakeResend } from './fake-resend';

export type MailWorld = TestDeps & {
	resend: FakeResend;
	mailer: ReturnType<typeof createMailGateway>;
	mailFrom: string;
};

/** What sends mail, over the pool's own D1, with the real gateway before a Resend that does what the test says. */
export function mailWorld(overrides: Parameters<typeof freshDeps>[0] = {}): MailWorld {
	const resend = fakeResend();
	return {
		...freshDeps(overrides),
		resend,
		mailer: createMailGateway({ key: 're_test', baseUrl: 'https://resend.test' }, resend.fetch, 50),
		mailFrom: 'Dental Diffusion <hello@practice.test>',
	};
}

export const CODE_MAIL = {
	kind: 'sign_in_code',
	to: 'ada@practice.test',
	code: '482913',
	minutes: 10,
} as const satisfies Mail;

/** A queued mail whose message has not come. */
export async function givenMail(deps: MailWorld, mail: Mail = CODE_MAIL, about?: MailAbout): Promise<string> {
	const { mailId, statements } = await mailStatements(deps, mail, about);
	await deps.db.batch([...statements]);
	return mailId;
}

export async function mailRow({ db }: Pick<MailWorld, 'db'>, mailId: string) {
	const [row] = await db.select().from(mails).where(eq(mails.id, mailId));
	return row;
}
