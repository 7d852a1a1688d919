import { useActionData, useNavigation } from '@remix-run/react';

import type { SharingAnswer, SharingField } from './sharing-action';

type Intent = SharingAnswer['intent'];

interface SharingForm {
	/** Null: the page was not answered for this form. */
	readonly answer: SharingAnswer | null;
	readonly isPending: boolean;
	readonly errorOf: (field: SharingField | 'form') => string | undefined;
	readonly typedIn: (field: SharingField) => string | undefined;
}

/** What the page was answered for one of its forms about copies; `about` tells apart those of several entries. */
export function useSharingForm(intent: Intent, about: string | null = null): SharingForm {
	const page = useActionData<{ sharing?: SharingAnswer }>();
	const { formData } = useNavigation();
	const sharing = page?.sharing;
	const answer = sharing?.intent === intent && sharing.about === about ? sharing : null;
	const isSame = about === null || formData?.get('postingId') === about;
	return {
		answer,
		isPending: formData?.get('intent') === intent && isSame,
		errorOf: (field) => answer?.errors?.[field],
		typedIn: (field) => answer?.typed[field],
	};
}
