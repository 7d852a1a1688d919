import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './smile.css?url';

/** The sheet of the smile pages, which no other page has to carry. */
export const smileStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
