view = Ansicht
view-day = Tag
view-week = Woche
view-month = Monat
week-number = KW { $week }
week-letters = KW
all-day = ganztags
more = + { $count } weitere
appointments-count = { $count ->
     [0] Keine Termine
     [one] 1 Termin
    *[other] { $count } Termine
}
appointment-moved = { $what }: { $when }
visit-planned = Besuch bei { $customer }: { $when }
calendar-stretch = Ziehen ändert die Dauer
calendar-drag-hint = In den Kalender ziehen oder anklicken
calendar-customers = Besuch einplanen
calendar-customers-hint = Kunde suchen …
calendar-keys = ←→ blättert, T heute, D Tag, W Woche, M Monat, N neuer Besuch. Alt mit Pfeilen verschiebt einen Termin, dazu Umschalt ändert die Dauer.
calendar-file = Kalenderdatei
calendar-import = Einlesen
calendar-import-hint = Kalenderdatei (.ics) einlesen
calendar-export = Ausgeben
calendar-export-hint = Den gezeigten Zeitraum als Kalenderdatei (.ics) schreiben
calendar-export-one = Diesen Termin als Kalenderdatei (.ics) schreiben
calendar-written = { $count ->
     [0] Keine Termine in diesem Zeitraum; die Datei ist leer: { $path }
     [one] 1 Termin geschrieben: { $path }
    *[other] { $count } Termine geschrieben: { $path }
}
calendar-import-title = { $file } einlesen
calendar-added = neu
calendar-changed = geändert
calendar-same = unverändert
calendar-left-out = ausgelassen
calendar-left-out-which = Ausgelassen: { $count }
calendar-of-series = Davon { $count } einzelne Tage aus Serien (die nächsten zwölf Monate).
calendar-nothing-new = Diese Datei bringt nichts Neues.
calendar-take = Übernehmen
calendar-imported = { $file }: { $added } neu, { $changed } geändert
calendar-why-zone = unbekannte Zeitzone
calendar-why-no-start = ohne lesbaren Anfang
calendar-why-length = ohne lesbare Dauer
calendar-why-rule = unlesbare Serie
calendar-why-past-series = Serie ist vorbei
calendar-why-cancelled = abgesagt und hier nicht bekannt
failure-calendar-file = Das ist keine lesbare Kalenderdatei. Nichts wurde geändert.
failure-file = Die Datei lässt sich nicht schreiben oder öffnen. In Kontor ist nichts verloren.
operation-appointment-move = Termin verschoben
operation-appointment-import = Kalenderdatei übernommen
route = Tour
route-empty = Kein Besuch an diesem Tag. Ziehen Sie einen Kunden in den Kalender.
choose-day = Tag wählen
month-before = Monat zurück
month-after = Monat vor
day-hint = TT.MM.JJJJ
day-unreadable = Kein Datum wie 21.11.2026, „morgen“ oder „+7“.
time-hint = Pfeil auf und ab: { $minutes } Minuten
time-unreadable = Keine Uhrzeit wie 9:30.
