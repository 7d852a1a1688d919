import type { Studio } from '../../studios/studio';
import { isTicked, textOf } from '../form';
import { capitalised } from '../components/navigation';

export const ACCOUNT_NAME_LENGTH_MAX = 120;

/** Whether a studio asks for the name of what is opened: a person's own account, and at first a workspace, has theirs. */
export function asksAccountName(studio: Studio): boolean {
	return studio.tenancy.kind === 'practice';
}

/** "Practice name": what stands above its field. */
export function accountNameLabel(studio: Studio): string {
	return `${capitalised(studio.tenancy.word)} name`;
}

/** What is wrong with the part of a form that opens an account; empty when it may be sent. */
export function accountErrors(studio: Studio, form: FormData): { account?: string; statement?: string } {
	const name = textOf(form, 'account').trim();
	const { word } = studio.tenancy;
	return {
		...(name === '' && asksAccountName(studio) ? { account: `Type the name of your ${word}.` } : {}),
		...(name.length > ACCOUNT_NAME_LENGTH_MAX
			? { account: `A name has ${ACCOUNT_NAME_LENGTH_MAX} characters at most. Shorten it.` }
			: {}),
		...(studio.statement !== null && !isTicked(form, 'statement')
			? { statement: `${studio.statement.refusal} Tick the box if that is you.` }
			: {}),
	};
}

/** What `POST /v1/accounts` takes. The key is in the form, so that a form sent twice opens one account. */
export function accountOrder(studio: Studio, form: FormData, fallbackName: string) {
	const name = textOf(form, 'account').trim();
	return {
		name: name === '' ? fallbackName : name,
		key: textOf(form, 'key'),
		...(studio.statement === null ? {} : { statementVersion: studio.statement.textVersion }),
	};
}
