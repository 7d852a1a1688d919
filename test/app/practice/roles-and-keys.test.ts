import { expect, test } from 'vitest';

import { maskedAddress } from '../../../app/practice/masked-address';
import { draftIn, scopeGroups } from '../../../app/practice/key-choices';
import { KeyForm } from '../../../app/practice/key-form';
import { profileErrors, profileOrder } from '../../../app/practice/profile-form';
import { refuseLogoFile } from '../../../app/practice/prepare-logo';
import { permissionsOf, roleSentence, splitByRole } from '../../../app/practice/role-sentence';
import { sectionLinks } from '../../../app/practice/section-links';
import { tokenIn } from '../../../app/practice/invitation-cookie';
import { dental } from '../../../studios/dental';
import { image } from '../../../studios/image';
import { media } from '../../../studios/media';
import { isAllowed, PERMISSION_TABLE, PERMISSIONS, ROLES, SCOPES } from '../../../studios/roles';

const labels = (studio: typeof dental, role: (typeof ROLES)[number]) =>
	sectionLinks(studio, role).map(({ label }) => label);

test('the parts that somebody sees follow role and studio', () => {
	expect(labels(dental, 'owner')).toEqual(['Profile', 'Team', 'Roles', 'Posted', 'API keys', 'Record']);
	expect(labels(dental, 'clinician')).toEqual(['Profile', 'Team', 'Roles', 'Posted', 'API keys']);
	expect(labels(dental, 'billing')).toEqual(['Profile', 'Team', 'Roles']);
	expect(labels(image, 'owner')).toEqual(['Profile', 'Record']);
});

test('the sentences of the roles agree with the table', () => {
	for (const studio of [dental, media, image]) {
		for (const role of ROLES) expect(roleSentence(role, studio)).toMatch(/^[A-Z].+\.$/);
	}
	// "Decides about nobody", "deletes none", "Opens no photo": what the sentences say is not allowed.
	expect(isAllowed('clinician', 'members:write')).toBe(false);
	expect(isAllowed('clinician', 'assets:delete')).toBe(true);
	expect(isAllowed('clinician', 'keys:write')).toBe(true);
	expect(isAllowed('staff', 'assets:delete')).toBe(false);
	expect(
		['uploads:read', 'assets:read', 'renders:read'].filter((name) =>
			PERMISSION_TABLE[name as 'uploads:read'].roles.includes('billing' as 'owner'),
		),
	).toEqual([]);
	expect(isAllowed('billing', 'billing:write')).toBe(true);
	expect(roleSentence('billing', dental)).toContain('Buys credits');
	expect(roleSentence('billing', media)).not.toContain('Buys');
});

test('the role page has every row of the table that means something in the studio', () => {
	expect(permissionsOf(dental)).toEqual(PERMISSIONS);
	expect(permissionsOf(media)).not.toContain('billing:write');
	expect(permissionsOf(image).filter((name) => name.startsWith('keys:') || name.startsWith('consents:'))).toEqual([]);
	const { may, mayNot } = splitByRole('billing', PERMISSIONS);
	expect(may).toContain(PERMISSION_TABLE['billing:write'].allows);
	expect(may.length + mayNot.length).toBe(PERMISSIONS.length);
});

const offered = (role: (typeof ROLES)[number]) => scopeGroups(dental, role).flatMap(({ scopes }) => scopes);

test('a key is offered every scope that the role has, once, and no other', () => {
	expect([...offered('owner')].toSorted()).toEqual([...SCOPES].toSorted());
	expect(offered('clinician')).toHaveLength(new Set(offered('clinician')).size);
	expect(offered('staff')).not.toContain('assets:delete');
	expect(scopeGroups(dental, 'billing').map(({ title }) => title)).toEqual(['Records']);
});

test('a key form keeps its ticks, takes the days it offers and nothing that is no scope', () => {
	const form = new FormData();
	for (const [name, value] of [
		['name', ' Nightly '],
		['days', '9999'],
		['scopes', 'credits:read'],
		['scopes', 'keys:write'],
	] as const) {
		form.append(name, value);
	}
	const draft = draftIn(form);
	expect(draft).toEqual({ name: ' Nightly ', days: 90, scopes: ['credits:read', 'keys:write'] });
	expect(KeyForm.parse(draft)).toEqual({ name: 'Nightly', days: 90, scopes: ['credits:read'] });
	expect(KeyForm.safeParse({ ...draft, scopes: ['keys:write'] }).success).toBe(false);
});

test('a website without its beginning gets one; another scheme is left to be refused', () => {
	const typed = { name: ' A ', phone: '', website: ' lahn.example ', address: '' };
	expect(profileOrder(typed)).toEqual({ name: 'A', phone: '', website: 'https://lahn.example', address: '' });
	expect(profileOrder({ ...typed, website: 'http://a.example' }).website).toBe('http://a.example');
	expect(profileOrder({ ...typed, website: 'javascript:alert(1)' }).website).toBe('javascript:alert(1)');
	expect(profileOrder({ ...typed, website: '' }).website).toBe('');
	expect(profileErrors({ ...typed, name: '  ' }, 'practice')).toEqual({ name: 'Type the name of the practice.' });
	expect(profileErrors(typed, 'practice')).toBeNull();
	for (const website of ['javascript:alert(1)', 'ftp://a.example', 'https://', 'https://me@a.example']) {
		expect(profileErrors({ ...typed, website }, 'practice')).toEqual({
			website: expect.stringContaining('begins with https://'),
		});
	}
});

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test('a logo is a picture that browsers draw, by its bytes', () => {
	expect(refuseLogoFile(bytes('\u0089PNG\r\n'), 900)).toBeNull();
	expect(refuseLogoFile(bytes('<svg xmlns'), 900)).toMatchObject({ heading: 'This file cannot be a logo' });
	expect(refuseLogoFile(bytes('\u0089PNG\r\n'), 26 * 1024 * 1024)).toMatchObject({
		heading: 'This picture is too large',
	});
});

test('the token of an invitation is found in its link or alone, and nowhere else', () => {
	const token = 'a-token_of-43-characters-0123456789abcdefgh';
	expect(tokenIn(` https://app.example/invitations#${token} `)).toBe(token);
	expect(tokenIn(token)).toBe(token);
	expect(tokenIn('https://app.example/invitations')).toBeNull();
	expect(tokenIn('#')).toBeNull();
	expect(tokenIn('')).toBeNull();
});

test('an address is masked as the api masks it', () => {
	expect(maskedAddress('Grace@Practice.example')).toBe('g…@practice.example');
});
