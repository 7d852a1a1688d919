// Asks whether this browser may be measured, with the library's surface and our words. The library keeps nothing: the answer is a
// form, sent to the server, and what runs from then on is the server's to decide.
const { words, purposes } = document.currentScript.dataset;
const { title, text } = JSON.parse(words);

function answer(word) {
	const form = document.createElement('form');
	form.method = 'post';
	form.action = '/choices';
	const fields = [['answer', word], ['next', location.pathname], ...purposes.split(' ').map((one) => ['purpose', one])];
	for (const [name, value] of fields) {
		const input = document.createElement('input');
		Object.assign(input, { type: 'hidden', name, value });
		form.append(input);
	}
	document.body.append(form);
	form.submit();
}

window.CookieConsent.run({
	// Programs that drive a browser see what people see.
	hideFromBots: false,
	autoClearCookies: false,
	manageScriptTags: false,
	categories: { necessary: { enabled: true, readOnly: true }, measuring: {} },
	guiOptions: { consentModal: { layout: 'box', position: 'bottom right', equalWeightButtons: true } },
	language: {
		default: 'en',
		translations: {
			en: {
				consentModal: {
					title,
					description: text,
					acceptAllBtn: 'Yes',
					acceptNecessaryBtn: 'No',
					footer: '<a href="/choices">Choose one by one</a>',
				},
				preferencesModal: { sections: [] },
			},
		},
	},
	onModalReady({ modal }) {
		// It stands beside the page and not before it.
		modal.setAttribute('role', 'region');
		modal.removeAttribute('aria-modal');
		// No stands first, for whoever reads and for whoever tabs.
		const yes = modal.querySelector('[data-role="all"]');
		yes.parentElement.append(yes);
	},
	onFirstConsent({ cookie }) {
		window.CookieConsent.reset(true);
		answer(cookie.categories.includes('measuring') ? 'yes' : 'no');
	},
});
