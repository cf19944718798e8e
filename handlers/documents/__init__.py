"""The wing that writes files for offices: registers as xlsx and csv, reports as docx, and reads what others wrote."""
