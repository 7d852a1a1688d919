/** What is said wherever somebody decides about mail that nobody needs: the page of settings, the sign-up, the mail itself. */
export const MAIL_CHOICES = {
	/** Of the words below: recorded with each choice, and another one when they change. */
	textVersion: '2026-11-21',
	classes: {
		product_updates: {
			title: 'Product updates',
			what: 'What is new here and how to use it.',
		},
		announcements: {
			title: 'Announcements',
			what: 'Offers, events, and news about the company.',
		},
	},
	signUp: 'Mail me what is new here and how to use it. I can stop it with one click in each mail.',
	/** Whatever is chosen. */
	always: [
		{ title: 'Codes', why: 'You asked for one, to sign in or to change something.' },
		{
			title: 'Security notices',
			why: 'So that you can tell when somebody else changed how your account is signed in to.',
		},
		{ title: 'What you asked for', why: 'Invitations, answers to your messages, and what you ordered to be sent.' },
		{ title: 'Your credits', why: 'You paid for them, and are told two weeks before they end.' },
		{ title: 'Your data', why: 'The law wants you to be told of breaches and of a new policy before it takes effect.' },
	],
} as const;
