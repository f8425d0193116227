selection = Auswahl
select-row = Zeile auswählen
select-all-rows = Alle auswählen
selected-count = { $count ->
     [one] 1 ausgewählt
    *[other] { $count } ausgewählt
}
select-all = Alle { $total } auswählen
select-none = Auswahl aufheben
bulk-working = Einen Moment …
views = Ansichten
no-views = Noch keine. Filtern und sortieren Sie, dann speichern Sie die Ansicht.
save-view = Ansicht speichern …
save-view-text = Filter, Sortierung und Spalten, wie sie jetzt sind.
view-name = Name der Ansicht
view-name-hint = Meine A-Kunden
view-saved = Ansicht „{ $name }“ gespeichert
view-deleted = Ansicht „{ $name }“ gelöscht
view-rename = Ansicht „{ $name }“ umbenennen
view-delete = Ansicht „{ $name }“ löschen
rename = Umbenennen
columns = Spalten
all-columns = Alle Spalten zeigen
customers-changed = { $count ->
     [one] 1 Kunde geändert
    *[other] { $count } Kunden geändert
}
customers-tagged = { $count ->
     [one] Schlagwort an 1 Kunden vergeben
    *[other] Schlagwort an { $count } Kunden vergeben
}
customers-deleted = { $count ->
     [one] 1 Kunde gelöscht
    *[other] { $count } Kunden gelöscht
}
contacts-deleted = { $count ->
     [one] 1 Kontakt gelöscht
    *[other] { $count } Kontakte gelöscht
}
opportunities-deleted = { $count ->
     [one] 1 Verkaufschance gelöscht
    *[other] { $count } Verkaufschancen gelöscht
}
quotes-deleted = { $count ->
     [0] Nichts gelöscht: Übergebene Angebote bleiben
     [one] 1 Entwurf gelöscht; übergebene Angebote bleiben
    *[other] { $count } Entwürfe gelöscht; übergebene Angebote bleiben
}
forecast = Prognose
forecast-month = Monat
forecast-count = Anzahl
forecast-sum = Summe
forecast-weighted = Gewichtet
forecast-overdue = überfällig
forecast-undated = ohne Datum
forecast-chart = Offene Verkaufschancen nach erwartetem Abschluss: Summe und gewichtete Summe je Monat
forecast-empty = Keine offenen Verkaufschancen
forecast-empty-text = Sobald eine Chance offen ist, steht sie hier im Monat ihres erwarteten Abschlusses.
forecast-total = Gesamt
key-select = Strg A
key-select-does = Alle Zeilen der Liste auswählen; mit Umschalt bis zu einer Zeile
