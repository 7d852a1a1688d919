import type { SignInWay } from '../../studios/studio';
import { isProvider, ProviderMark, PROVIDERS } from './provider-mark';

interface ProviderButtonsProps {
	/** What the studio offers, in its order. */
	readonly ways: readonly SignInWay[];
	readonly next: string;
}

/** One button a provider. A plain form, since the answer is another site's page, which no script of ours may fetch. */
export function ProviderButtons({ ways, next }: ProviderButtonsProps) {
	const providers = ways.filter(isProvider);
	if (providers.length === 0) return null;
	return (
		<form method="post" action="/sign-in/with" className="ways">
			<input type="hidden" name="next" value={next} />
			{providers.map((provider) => (
				<button key={provider} type="submit" name="provider" value={provider} className="btn line wide">
					<ProviderMark provider={provider} />
					Continue with {PROVIDERS[provider].name}
				</button>
			))}
		</form>
	);
}
