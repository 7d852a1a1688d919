import { Link } from '@remix-run/react';

import { Chip } from '../components/chip';
import { Time } from '../components/time';
import type { Claim } from './answers';
import { chipOf, oldestWords } from './policy-words';

/** One promise in the serif that promises have, and beside it whether it is kept, since when, and how that is known. */
export function ClaimRow({ claim }: { claim: Claim }) {
	const { id, sentence, at } = claim;
	const { chip, word } = chipOf(claim);
	const oldest = oldestWords(claim);
	return (
		<div className="claim" id={id}>
			<p>{sentence}</p>
			<aside aria-label={`Evidence for ${id}`}>
				<Chip state={chip}>{word}</Chip>
				<p>
					{oldest !== null && `${oldest} `}
					{claim.why}{' '}
					{at !== null && (
						<>
							Known since <Time at={at} />.
						</>
					)}
				</p>
				<Link className="tap" to={`/policy/claims/${id}`} aria-label={`How we check, ${id}`}>
					How we check
				</Link>
			</aside>
		</div>
	);
}
