// For pages that load no React: the cut of a picture pair, menus that close, and the zone for clock times.
for (const input of document.querySelectorAll('.compare input')) {
	input.addEventListener('input', () => {
		input.parentElement.style.setProperty('--x', `${input.value}%`);
		input.setAttribute('aria-valuetext', `${input.value} % before`);
	});
}

addEventListener('pointerdown', (event) => {
	for (const menu of document.querySelectorAll('details.drop[open]')) {
		if (!menu.contains(event.target)) menu.open = false;
	}
});

addEventListener('keydown', (event) => {
	if (event.key !== 'Escape') return;
	for (const menu of document.querySelectorAll('details.drop[open]')) {
		menu.open = false;
		menu.querySelector('summary').focus();
	}
});

// What a stranger opens by a link leaves nothing in their browser.
if (document.body.dataset.bare === undefined) {
	document.cookie = `zone=${encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

// Choices were kept: what runs in other tabs goes by them at once.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is within one origin and asks for none
if (location.pathname === '/choices' && location.search === '?done=kept') new BroadcastChannel('choices').postMessage('kept');

// Clarity's key for this tab, which no header can take away: gone with the first page that Clarity does not run on.
if (document.body.dataset.clarityMask === undefined) sessionStorage.removeItem('_cltk');
