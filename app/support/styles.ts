import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './support.css?url';

/** The sheet of the contact pages, which no other page has to carry. */
export const supportStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
