/** An address of no page. */
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { Empty } from "../ui/Empty.tsx";

export function NotFound(): ReactNode {
  const [path] = useLocation();
  return (
    <>
      <h1 className="visually-hidden">Not found</h1>
      <Empty title="There is no such page" action={<Link href="/">To the venue</Link>}>
        <code>{path}</code> leads nowhere.
      </Empty>
    </>
  );
}
