import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './credits.css?url';

/** The sheet of the pages about credits and prices, which no other page has to carry. */
export const creditsStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
