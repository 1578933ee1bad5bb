/** The incident room: what there is to be played, or one of them being played. */
import type { ReactNode } from "react";
import { useRoute as useMatch } from "wouter";
import { Gallery } from "./Gallery.tsx";
import { Room } from "./Room.tsx";

export function IncidentsPage(): ReactNode {
  const [isOne, params] = useMatch<{ readonly id: string }>("/incidents/:id");
  return isOne ? <Room key={params.id} id={params.id} /> : <Gallery />;
}
