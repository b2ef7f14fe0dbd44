import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { aboutQuery } from '../api/queries.ts';
import { icons } from '../components/icons.tsx';
import { TargetBand } from './TargetBand.tsx';
import { chooseTheme, storedTheme, themes } from './theme.ts';
import type { Theme } from './theme.ts';
import { WhoAmI } from './WhoAmI.tsx';
import moat from './moat.svg';
import styles from './Sidebar.module.css';

const sections = [
  { path: '/environments', title: 'Environments', icon: icons.list },
  { path: '/sweeps', title: 'Sweeps', icon: icons.sweep },
  { path: '/about', title: 'About', icon: icons.info },
] as const;

/** The sections, the target cloud and the version. */
export function Sidebar({ onShowKeys }: { onShowKeys: () => void }) {
  const { data: about } = useQuery(aboutQuery);
  return (
    <header className={styles['sidebar']}>
      <Link href="/environments" className={styles['brand']}>
        <img src={moat} alt="" width="20" height="20" />
        Moat
      </Link>
      <nav aria-label="Sections" className={styles['nav']}>
        {sections.map(({ path, title, icon }) => (
          <SectionLink key={path} path={path}>
            {icon}
            {title}
          </SectionLink>
        ))}
      </nav>
      <div className={styles['foot']}>
        <WhoAmI />
        {about && <TargetBand target={about.target} subscriptionIds={about.subscriptionIds} />}
        <div className={styles['small']}>
          <span>{about && `v${about.version}`}</span>
          <button type="button" onClick={onShowKeys} className={styles['keys']} aria-label="List the keys">
            <kbd>?</kbd>
          </button>
        </div>
        <ThemeChoice />
      </div>
    </header>
  );
}

function SectionLink({ path, children }: { path: string; children: React.ReactNode }) {
  const [location] = useLocation();
  const isActive = location === path || location.startsWith(`${path}/`);
  return (
    <Link
      href={path}
      className={`${styles['link']} ${isActive ? styles['active'] : ''}`}
      aria-current={isActive ? 'page' : undefined}
    >
      {children}
    </Link>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const choose = (value: string): void => {
    const chosen = themes.find((one) => one === value) ?? 'system';
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <label className={styles['theme']}>
      <span className="visually-hidden">Theme</span>
      <select value={theme} onChange={({ target }) => choose(target.value)}>
        {themes.map((one) => (
          <option key={one} value={one}>
            {`${one} theme`}
          </option>
        ))}
      </select>
    </label>
  );
}
