import { Form, Link, NavLink, useLocation } from '@remix-run/react';
import { Menu } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { roleWords } from '../roles';
import { useShell, useStudio, type Session } from '../shell';
import { ButtonLink } from './button';
import { Chip } from './chip';
import { Mark } from './mark';
import { initialsOf, linksFor } from './navigation';
import { countWords } from '../count-words';

export function Header() {
	const { session } = useShell();
	const studio = useStudio();
	// A new key for each place closes an open menu.
	const { key } = useLocation();
	const links = linksFor(studio, session.signedIn);
	return (
		<header className="bar">
			<div className="wrap">
				<Link className="mark" to="/">
					<Mark />
					<span>{studio.name}</span>
				</Link>
				<nav className="nav" aria-label="Main">
					{links.map((link) => (
						<NavLink key={link.to} to={link.to}>
							{link.label}
						</NavLink>
					))}
				</nav>
				<div className="end">{session.signedIn ? <Person key={key} session={session} /> : <Stranger key={key} />}</div>
			</div>
		</header>
	);
}

function Stranger() {
	const { pathname } = useLocation();
	const studio = useStudio();
	return (
		<>
			{pathname !== '/sign-in' && (
				<ButtonLink to="/sign-in" look="quiet" className="nb">
					Sign in
				</ButtonLink>
			)}
			{pathname !== '/sign-up' && (
				<ButtonLink to="/sign-up" look={pathname === '/' ? 'main' : 'line'} className="nb hide-s">
					{studio.tools.length > 0 ? 'Start free' : 'Create account'}
				</ButtonLink>
			)}
			<Drop label="Menu" face={<Menu size={22} strokeWidth={1.75} aria-hidden="true" />} className="hide-l">
				{linksFor(studio, false).map((link) => (
					<Link key={link.to} to={link.to}>
						{link.label}
					</Link>
				))}
				<Link to="/sign-in">Sign in</Link>
				<Link to="/sign-up">Create account</Link>
			</Drop>
		</>
	);
}

function Person({ session }: { session: Extract<Session, { signedIn: true }> }) {
	const studio = useStudio();
	const { user, account, credits, accountCount } = session;
	return (
		<>
			{account !== null && <Balance available={credits.available} />}
			<Drop
				label={`${initialsOf(user.name)}, account of ${user.name}`}
				face={
					<>
						<span className="face hide-m">{initialsOf(user.name)}</span>
						<Menu className="hide-l" size={22} strokeWidth={1.75} aria-hidden="true" />
					</>
				}
			>
				<p className="who">
					<b>{account?.name ?? user.name}</b>
					{account !== null && studio.tenancy.membersMax > 1 && (
						<span className="small muted">{roleWords(account.role)}</span>
					)}
					<span className="small muted">{user.email}</span>
				</p>
				<div className="hide-l">
					{linksFor(studio, true).map((link) => (
						<NavLink key={link.to} to={link.to}>
							{link.label}
						</NavLink>
					))}
				</div>
				{accountCount > 1 && <NavLink to="/accounts">Switch {studio.tenancy.word}</NavLink>}
				<NavLink to="/settings">Settings</NavLink>
				<NavLink to="/privacy">Privacy</NavLink>
				<Form method="post" action="/sign-out">
					<button type="submit">Sign out</button>
				</Form>
			</Drop>
		</>
	);
}

/** What is free to use; few say so, in a word that takes the unit's place where there is no room for both. */
function Balance({ available }: { available: number }) {
	const { pricing } = useStudio();
	const isLow = available < pricing.lowBalanceCredits;
	return (
		<Link className="credit" to="/credits">
			<b className="num">{countWords(available)}</b>
			<span className={isLow ? 'muted small hide-m' : 'muted small'}>credits</span>
			{isLow && <Chip state="soon">low</Chip>}
		</Link>
	);
}

interface DropProps {
	readonly label: string;
	readonly face: ReactNode;
	readonly className?: string;
	readonly children: ReactNode;
}

/** A menu made of `details`, so that it opens without script; with it, it closes on Escape, outside and on leaving. */
function Drop({ label, face, className, children }: DropProps) {
	const ref = useRef<HTMLDetailsElement>(null);
	useEffect(() => {
		const close = () => ref.current?.removeAttribute('open');
		const onPointer = (event: PointerEvent) => {
			if (event.target instanceof Node && ref.current?.contains(event.target) !== true) close();
		};
		const onKey = (event: KeyboardEvent) => {
			if (event.key !== 'Escape' || ref.current?.open !== true) return;
			close();
			ref.current.querySelector('summary')?.focus();
		};
		document.addEventListener('pointerdown', onPointer);
		document.addEventListener('keydown', onKey);
		return () => {
			document.removeEventListener('pointerdown', onPointer);
			document.removeEventListener('keydown', onKey);
		};
	}, []);
	return (
		<details className={`drop ${className ?? ''}`} ref={ref}>
			<summary aria-label={label}>{face}</summary>
			<div className="sheet drop-list">{children}</div>
		</details>
	);
}
