import { expect, test } from 'vitest';

import { previewApp, previewsOf } from '../../scripts/mail-preview/preview-app';
import { STUDIOS } from '../../studios/all';
import { STUDIO_SLUGS } from '../../studios/studio';
import { Mail, SecurityEvent } from '../../workers/core/mail/mail';
import { sampleMails } from '../../scripts/mail-preview/samples';

test('every kind of mail and every security event has a preview, of values that a mail may have', () => {
	const samples = sampleMails();
	for (const { mail } of samples) expect(Mail.parse(mail)).toEqual(mail);
	const kinds = new Set(samples.map(({ mail }) => mail.kind));
	expect([...kinds].toSorted()).toEqual(Mail.options.map((option) => option.shape.kind.value).toSorted());
	const events = samples.flatMap(({ mail }) => (mail.kind === 'security' ? [mail.event.what] : []));
	expect(events.toSorted()).toEqual(SecurityEvent.options.map((option) => option.shape.what.value).toSorted());
	expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
});

test.each(STUDIO_SLUGS)('the page of %s shows each of them, as designed and as text', async (studio) => {
	const page = await (await previewApp().request(`/${studio}`)).text();
	for (const { name, text, html } of previewsOf(studio)) {
		expect(page).toContain(`src="/${studio}/${name}.html"`);
		expect(text).toContain(`-- \n${STUDIOS[studio].name}\n`);
		expect(`${text}${html}`).not.toMatch(/\$\{|\{\{|\[object|undefined|lorem|TODO/i);
		expect(await (await previewApp().request(`/${studio}/${name}.html`)).text()).toBe(html);
	}
});

test('what is no studio and no mail is not found', async () => {
	for (const path of ['/dentist', '/dental/nothing.html', '/dental/sign_in_code']) {
		expect((await previewApp().request(path)).status).toBe(404);
	}
});
